"""Bend a replacement as the word it replaces was bent: number, person, tense, degree."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from detector.lexicon import base_forms, lexicon
from training.rewriters.thesaurus import Pos, irregular_forms

Form: TypeAlias = Literal["base", "s", "ed", "ing", "er", "est"]

_SUFFIXES: tuple[Form, ...] = ("ing", "ed", "est", "er", "s")
_VOWELS = "aeiou"
# Short verbs and adjectives that double their last consonant: one vowel before one consonant.
_DOUBLING = re.compile(r"[^aeiou]*[aeiou][bdgklmnprt]")


def readings(word: str) -> list[tuple[str, Pos | None, Form]]:
    """List what a word may be a form of: base form, part of speech, which form.

    The word itself, of any part of speech, comes last.
    """
    lists = lexicon().wordnet
    found: list[tuple[str, Pos | None, Form]] = []
    for base, pos in base_forms(word, lists):
        found.append((base, pos, _form(word)))  # type: ignore[arg-type]
    irregular = lexicon().lemma(word)
    if irregular != word and not found:
        pos_of_irregular: Pos = "verb" if irregular in lists["verb"] else "noun"
        form: Form = "s" if pos_of_irregular == "noun" else "ed"
        found.append((irregular, pos_of_irregular, form))
    return [*found, (word, None, "base")]


def _form(word: str) -> Form:
    return next((suffix for suffix in _SUFFIXES if word.endswith(suffix)), "base")


def inflected(phrase: str, pos: Pos, form: Form) -> str:
    """Bend a base form of one or two words: a verb's first word, a noun's last."""
    if form == "base":
        return phrase
    parts = phrase.split(" ")
    place = 0 if pos == "verb" else -1
    parts[place] = _bent(parts[place], pos, form)
    return " ".join(parts)


def _bent(word: str, pos: Pos, form: Form) -> str:
    irregular = irregular_forms().get((word, pos), ())
    if form == "s":
        return _with_s(word, irregular if pos == "noun" else ())
    if form == "ed":
        return _past(word, irregular)
    if form == "ing":
        return _stem(word, keep_ee=True) + "ing"
    known = [f for f in irregular if f.endswith(form)]
    return known[0] if known else _stem(word) + form


def _with_s(word: str, irregular: tuple[str, ...]) -> str:
    if irregular:
        return irregular[0]
    if re.search(r"[^aeiou]y$", word):
        return word[:-1] + "ies"
    return word + ("es" if re.search(r"(?:s|x|z|ch|sh|[^aeiou]o)$", word) else "s")


def _past(word: str, irregular: tuple[str, ...]) -> str:
    """Prefer the simple past ("gave") to the participle ("given")."""
    past = [f for f in irregular if not f.endswith(("ing", "s"))]
    if past:
        return min(past, key=lambda f: (f.endswith(("n", "ne")), f))
    if re.search(r"[^aeiou]y$", word):
        return word[:-1] + "ied"
    return word + "d" if word.endswith("e") else _stem(word) + "ed"


def _stem(word: str, *, keep_ee: bool = False) -> str:
    """Make a word ready for an ending that begins with a vowel."""
    if word.endswith("ie") and keep_ee:
        return word[:-2] + "y"
    if word.endswith("e") and not (keep_ee and word.endswith(("ee", "oe", "ye"))):
        return word[:-1]
    if re.search(r"[^aeiou]y$", word) and not keep_ee:
        return word[:-1] + "i"
    return word + word[-1] if _DOUBLING.fullmatch(word) else word
