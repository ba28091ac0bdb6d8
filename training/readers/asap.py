"""Pupils' essays through Google Translate and back, by way of Chinese and of French.

The essays name nobody: tags such as ``@CAPS1`` stand for names, and translation spaces them and
punctuation its own way. Tags become invented surnames on both sides alike, and spaces before
punctuation go, so that neither tells the translated side.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from training.readers.outputs import is_rewrite
from training.readers.records import Corpus, Couple, Original, tidy, unique

PROMPTS = range(1, 9)
_ROUTES = {"03.ch-en/e": "google-zh", "05.fr-en/ee": "google-fr"}
# Below, the lines of the two files have slipped, or the reply is of another essay.
_MOST_SHARED = 0.97

_TAG = re.compile(r"@\s*([A-Za-z]+)\s?(\d*)")
_SPACED_POINT = re.compile(r"\s+([,.;:!?)\]%])(?!\w)")
_SPACED_SLASH = re.compile(r"(?<=\w)\s*/\s*(?=\w)")
_POINT_UNSPACED = re.compile(r"(?<=[a-z]{2})([,;!?])(?=[A-Za-z])")
# What a tag of each kind turns into; the number picks one.
_NAMES = ("Marlow", "Hesketh", "Dunmore", "Averill", "Kessler", "Brandon", "Tilbury", "Orrin")
_STAND_INS = {
    "DATE": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"),
    "MONTH": ("May", "June", "March", "April", "August"),
    "TIME": ("morning", "noon", "evening", "midnight"),
    "NUM": ("ten", "twelve", "twenty", "forty", "ninety"),
    "PERCENT": ("ten percent", "half", "a third", "most"),
    "MONEY": ("ten dollars", "fifty dollars", "a hundred dollars"),
    "LOCATION": ("Ashford", "Westbrook", "Linden", "Harlow"),
}


def named(text: str) -> str:
    """Put a word in the place of each tag, the same for the same tag."""

    def stand_in(tag: re.Match[str]) -> str:
        kinds = _STAND_INS.get(tag[1].upper(), _NAMES)
        return kinds[int(tag[2] or 0) % len(kinds)]

    return _TAG.sub(stand_in, text)


def normalised(text: str) -> str:
    """Undo what tells the two sides apart by their make-up alone."""
    text = _SPACED_SLASH.sub("/", named(text))
    text = _SPACED_POINT.sub(r"\1", text)
    return tidy(_POINT_UNSPACED.sub(r"\1 ", text))


def essays(data: bytes) -> list[str]:
    """Read one essay a line; blank lines and ``<START>`` stand between them."""
    lines = (line.strip() for line in data.decode("utf-8", "replace").split("\n"))
    return [line for line in lines if line and line != "<START>"]


def asap(files: Mapping[str, bytes]) -> Corpus:
    """Read the eight prompts; translations count only where they align line by line."""
    originals, couples = [], []
    for prompt in PROMPTS:
        texts = [normalised(essay) for essay in essays(files[f"bt-essays/01.en/e_{prompt}.txt"])]
        written = [Original("asap", text, "other", topic=f"prompt {prompt}") for text in texts]
        originals += written
        for route, tool in _ROUTES.items():
            replies = essays(files[f"bt-essays/{route}_{prompt}.txt"])
            if len(replies) == len(written):
                couples += list(_translated(written, replies, tool))
        couples += list(_neighbours(written))
    return Corpus(unique(originals), couples)


def _translated(originals: list[Original], replies: list[str], tool: str) -> Iterator[Couple]:
    for original, reply in zip(originals, replies, strict=True):
        suspect = normalised(reply)
        if is_rewrite(suspect, original.text, most_shared=_MOST_SHARED):
            yield Couple(
                corpus="asap",
                suspect=suspect,
                source=original.text,
                relation="automated_rewrite",
                family="round_trip_translation",
                tool=tool,
                original=original.key,
                genre="other",
            )


def _neighbours(originals: list[Original]) -> Iterator[Couple]:
    """Pair essays that stand side by side: two pupils' answers to one question.

    Each essay is in one pair only, so that no chain ties all answers together.
    """
    for number, (first, second) in enumerate(pairwise(originals)):
        if number % 2 == 0 and first.key != second.key:
            yield Couple(
                corpus="asap",
                suspect=second.text,
                source=first.text,
                relation="independent",
                tool="same_question",
                original=first.key,
                genre="other",
                kin=(second.key,),
            )
