"""Templates with alternatives, ``{big|large} {town|city}``, and their expansion.

Realism: as the templates of link builders are made, from a fixed list of stock phrases and a
thesaurus's nearest synonyms, the text's own word among the alternatives.
"""

from __future__ import annotations

import random
import re

from training.rewriters.prose import capitalised_like
from training.rewriters.spinner import Manner, synonym
from training.rewriters.thesaurus import Thesaurus

_INNERMOST = re.compile(r"\{([^{}]*)\}")
_WORD = re.compile(r"(?<![{|\w])[a-z]{4,}(?![|}\w'’])")
_ALTERNATIVES = 3

# Stock phrases that spinning templates offer for one another.
PHRASES = (
    ("in order to", "so as to", "to"),
    ("because of", "due to", "as a result of", "on account of"),
    ("as well as", "along with", "and also"),
    ("a number of", "several", "quite a few"),
    ("a lot of", "plenty of", "a great deal of", "tons of"),
    ("in addition", "additionally", "furthermore", "what is more"),
    ("however", "nevertheless", "having said that", "even so"),
    ("according to", "as per", "as reported by"),
    ("more than", "over", "in excess of"),
    ("at least", "no less than", "at the very least"),
    ("such as", "like", "for instance"),
    ("for example", "for instance", "as an example"),
    ("last year", "the previous year", "a year ago"),
    ("this week", "in the current week", "over this week"),
    ("at the same time", "simultaneously", "concurrently"),
    ("in the past", "previously", "in former times"),
    ("take part in", "participate in", "join in"),
    ("right now", "at this time", "at present"),
    ("most of", "the majority of", "a large part of"),
    ("part of", "a portion of", "a piece of"),
    ("able to", "capable to", "in a position to"),
    ("going to", "about to", "set to"),
    ("has been", "continues to be", "is"),
    ("people", "individuals", "folks", "persons"),
    ("company", "firm", "business", "enterprise"),
    ("said", "stated", "mentioned", "explained"),
    ("also", "likewise", "too", "as well"),
    ("but", "yet", "however", "but still"),
    ("many", "numerous", "lots of", "a great many"),
    ("very", "extremely", "really", "incredibly"),
    ("important", "essential", "crucial", "vital"),
    ("help", "assist", "aid", "help out"),
    ("show", "reveal", "demonstrate", "display"),
    ("get", "obtain", "receive", "acquire"),
    ("use", "utilize", "make use of", "employ"),
    ("money", "cash", "funds", "capital"),
    ("often", "frequently", "regularly", "many times"),
    ("after", "following", "right after", "in the wake of"),
    ("before", "prior to", "ahead of"),
    ("about", "regarding", "concerning", "approximately"),
    ("now", "currently", "at this point", "these days"),
    ("while", "whilst", "even though", "whereas"),
    ("start", "begin", "commence", "kick off"),
    ("need", "require", "want", "have to have"),
    ("big", "huge", "large", "massive"),
    ("problem", "issue", "difficulty", "challenge"),
    ("work", "function", "operate", "do the job"),
    ("think", "believe", "feel", "consider"),
    ("want", "wish", "desire", "would like"),
    ("new", "brand-new", "fresh", "novel"),
)
_OPTIONS = {option: row for row in reversed(PHRASES) for option in row[:1]}
_PHRASE = re.compile(
    r"\b(" + "|".join(sorted(map(re.escape, _OPTIONS), key=len, reverse=True)) + r")\b",
    re.IGNORECASE,
)


def expand(template: str, rng: random.Random) -> str:
    """Choose one alternative of each group, innermost groups first."""
    while True:
        expanded = _INNERMOST.sub(lambda group: rng.choice(group[1].split("|")), template)
        if expanded == template:
            return expanded
        template = expanded


def template(text: str, thesaurus: Thesaurus, rate: float, rng: random.Random) -> str:
    """Make a template of a text: stock phrases, and a share of its other common words."""
    plain = text.translate(str.maketrans("{}|", "()/"))
    with_phrases = _PHRASE.sub(_phrase_group, plain)
    how = Manner(rate)

    def word_group(match: re.Match[str]) -> str:
        if rng.random() >= rate:
            return match[0]
        found = {synonym(match[0], thesaurus, how, "", rng) for _ in range(_ALTERNATIVES)}
        options = sorted(word for word in found if word)
        return "{" + "|".join([match[0], *options]) + "}" if options else match[0]

    outside = re.split(r"(\{[^{}]*\})", with_phrases)
    return "".join(p if p.startswith("{") else _WORD.sub(word_group, p) for p in outside)


def _phrase_group(match: re.Match[str]) -> str:
    options = _OPTIONS[match[0].lower()]
    return "{" + "|".join(capitalised_like(option, match[0]) for option in options) + "}"


def spin(text: str, thesaurus: Thesaurus, rate: float, rng: random.Random) -> str:
    """Make a template of a text and expand it once."""
    spun = expand(template(text, thesaurus, rate, rng), rng)
    return spun.lower() if text.islower() else spun
