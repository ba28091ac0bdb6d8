"""Synonym spinning: some words of a text changed for what a thesaurus offers.

Realism: as the free spinning programs do it. A careless spinner takes any sense, broader words
among them, keeps no inflection and spins names and quotations; a careful one takes the first sense
of the right part of speech, bends it, and leaves names and quotations alone.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from detector.lexicon import STOP_WORDS
from training.rewriters.inflection import Form, inflected, readings
from training.rewriters.prose import capitalised_like, outside_quotations
from training.rewriters.thesaurus import Pos, Sense, Thesaurus

RATES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.75, 0.9)

_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")
_SENTENCE_START = re.compile(r"(?:^|[.!?:]['\"”’)]*\s+|\n|[\"“]\s*)$")
# Words before which a noun stands, and those before which a verb stands.
_BEFORE_NOUN = frozenset(
    {"the", "a", "an", "this", "that", "these", "those", "no"}
    | {"his", "her", "its", "their", "our", "my", "your"}
)
_BEFORE_VERB = frozenset(
    {"to", "will", "would", "can", "could", "may", "might", "must", "shall", "should", "not"}
    | {"i", "we", "they", "you", "he", "she", "who"}
)


@dataclass(frozen=True, slots=True)
class Manner:
    """How a spinner goes about it."""

    rate: float  # share of the words it knows that it changes, 0 to 1
    sense: bool = True  # the first sense of the right part of speech, not any
    inflect: bool = True  # bends the replacement
    protect: bool = True  # leaves names and quotations alone

    @property
    def strength(self) -> str:
        """Say it in a few words."""
        marks = (
            "sense" if self.sense else "any",
            "bent" if self.inflect else "unbent",
            "kept" if self.protect else "all",
        )
        return f"{self.rate:.0%} {' '.join(marks)}"


def manner(rng: random.Random) -> Manner:
    """Draw a manner of spinning; careful spinners are as common as careless ones."""
    return Manner(
        rate=rng.choice(RATES),
        sense=rng.random() < 0.6,
        inflect=rng.random() < 0.75,
        protect=rng.random() < 0.7,
    )


def spin(text: str, thesaurus: Thesaurus, how: Manner, rng: random.Random) -> str:
    """Change words of a text for synonyms.

    A word that was changed once is changed alike again, as programs do, most of the time. A text
    all in lower case stays so.
    """
    chosen: dict[str, str] = {}

    def change(stretch: str) -> str:
        return _spun(stretch, thesaurus, how, rng, chosen)

    spun = outside_quotations(text, change) if how.protect else change(text)
    return spun.lower() if text.islower() else spun


def _spun(
    text: str, thesaurus: Thesaurus, how: Manner, rng: random.Random, chosen: dict[str, str]
) -> str:
    previous = ""

    def replaced(match: re.Match[str]) -> str:
        nonlocal previous
        word, before = match[0], previous
        previous = word.lower()
        if word.lower() in STOP_WORDS or len(word) < 3 or "'" in word or "’" in word:
            return word
        if how.protect and _is_name(match):
            return word
        if rng.random() >= how.rate:
            return word
        known = chosen.get(word.lower())
        if known is None or rng.random() < 0.3:
            known = synonym(word.lower(), thesaurus, how, before, rng) or word.lower()
            chosen[word.lower()] = known
        return capitalised_like(known, word) if known != word.lower() else word

    return _WORD.sub(replaced, text)


def _is_name(match: re.Match[str]) -> bool:
    """Tell whether a word has a capital that no sentence gave it."""
    if not match[0][0].isupper():
        return False
    return _SENTENCE_START.search(match.string[max(0, match.start() - 8) : match.start()]) is None


def synonym(
    word: str, thesaurus: Thesaurus, how: Manner, before: str, rng: random.Random
) -> str | None:
    """Choose a replacement for a word in lower case, or None where there is none.

    Parameters
    ----------
    before : the word before it, in lower case, which hints at the part of speech
    """
    options: list[tuple[Sense, Form]] = []
    for base, pos, form in readings(word):
        hinted = pos or (_hint(before) if how.sense else None)
        senses = thesaurus.of(base, hinted) or (thesaurus.of(base) if not pos else ())
        options += [(sense, form) for sense in senses]
    if how.sense:
        options = [(s, form) for s, form in options if s.synonyms][:1]
    while options:
        sense, form = options.pop(rng.randrange(len(options)))
        words = sense.synonyms if how.sense else (*sense.synonyms, *sense.loose)
        if words:
            phrase = rng.choice(words)
            return inflected(phrase, sense.pos, form) if how.inflect else phrase
    return None


def _hint(before: str) -> Pos | None:
    if before in _BEFORE_NOUN:
        return "noun"
    return "verb" if before in _BEFORE_VERB else None
