"""Spaces and dashes where a typesetter puts them, and one paragraph a string."""

from __future__ import annotations

import re
from itertools import groupby
from statistics import median

_SPACES = re.compile(r" {2,}")
# White space before punctuation and inside brackets, as tokenised text has it: "the pier .",
# "( north )", "do n't", "5 %", "$ 10".
_SPARE_SPACE = re.compile(
    r" (?=(?:[,;:!?]|\.(?!\.))(?:[\s\"')\]]|\Z)|[)\]])"
    r"|(?<=[(\[]) |(?<=\w) (?='(?:s|re|ve|ll|d|m)\b|n't\b)|(?<=\d) (?=%)|(?<=[$£€]) (?=\d)"
)
# Looked for first: nearly every text has none of them, and the pattern is slow.
_SPARE_SPACE_SIGNS = (
    *(f" {mark}" for mark in ",;:!?.)]%"),
    *("( ", "[ ", "$ ", "£ ", "€ ", " n't", " 's", " 're", " 've", " 'll", " 'd", " 'm"),
)
_DOUBLED_SINGLE = re.compile(r"(?<=\S) ''(?=[\s.,;:!?)]|\Z)|''")
_RANGE = re.compile(r"(?<=\d)–(?=\d)")
_DASH = re.compile(r"–|-{2,}|(?<=[^\s-] )-(?= [^\s-])")
_SPACED_ELLIPSIS = re.compile(r"\.(?: \.){2,}")

# What language models mark titles and names with.
_HEADING = re.compile(r"^#{1,6} +(?=\w)", re.MULTILINE)
_BOLD = re.compile(r"\*\*(?=[^\s*])([^*\n]{1,300})(?<=\S)\*\*")

# Text wrapped by hand has no long line, and most of its lines end inside a sentence.
_LONGEST_WRAPPED_LINE = 120
_SHORTEST_WRAPPED_MEDIAN = 40
_SENTENCE_END = re.compile(r"[.!?:][\"')\]]*+$")


def paragraphs_of(text: str) -> list[str]:
    """Divide folded text into paragraphs, none of them empty, without line ends.

    Where lines are wrapped by hand, only blank lines part paragraphs; elsewhere every line end
    does, since feeds and extractors write one paragraph a line.
    """
    text = _SPACES.sub(" ", text) if "  " in text else text
    lines = [line.strip(" ") for line in text.split("\n")]
    blocks = [list(block) for filled, block in groupby(lines, bool) if filled]
    if _is_wrapped(blocks):
        lines = [" ".join(block) for block in blocks]
    return [line for line in _typeset("\n".join(lines)).split("\n") if line]


def _is_wrapped(blocks: list[list[str]]) -> bool:
    """Say whether line ends inside the blocks are the work of a wrapping editor."""
    inner = [line for block in blocks for line in block[:-1]]
    if not inner or max(map(len, inner)) > _LONGEST_WRAPPED_LINE:
        return False
    unfinished = sum(not _SENTENCE_END.search(line) for line in inner)
    return unfinished * 2 > len(inner) and median(map(len, inner)) >= _SHORTEST_WRAPPED_MEDIAN


def _typeset(text: str) -> str:
    """Put spaces, marks and dashes where they belong; one change can call for another."""
    while (typeset := _typeset_once(text)) != text:
        text = typeset
    return text


def _typeset_once(text: str) -> str:
    if "**" in text:
        text = _BOLD.sub(r"\1", text)
    if "# " in text:
        text = _HEADING.sub("", text)
    if "''" in text:
        text = _DOUBLED_SINGLE.sub('"', text)
    if "–" in text:
        text = _RANGE.sub("-", text)
    if "–" in text or "--" in text or " - " in text:
        text = _DASH.sub("—", text)
    if ". . ." in text:
        text = _SPACED_ELLIPSIS.sub("...", text)
    if any(sign in text for sign in _SPARE_SPACE_SIGNS):
        text = _SPARE_SPACE.sub("", text)
    if ' " ' in f" {text} ".replace("\n", " "):
        text = "\n".join(map(_hugging, text.split("\n")))
    return _SPACES.sub(" ", text) if "  " in text else text


def _hugging(paragraph: str) -> str:
    """Draw double marks close to what they quote, where it is plain which are a pair."""
    pieces = paragraph.split('"')
    if len(pieces) % 2 == 0 or ' " ' not in f" {paragraph} ":
        return paragraph.strip(" ")
    for at in range(1, len(pieces), 2):
        pieces[at] = pieces[at].strip(" ")
    return '"'.join(pieces).strip(" ")
