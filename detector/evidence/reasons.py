"""A reason with its strength, and how reasons quote and count."""

from __future__ import annotations

from typing import NamedTuple

from detector.records import Evidence, Segments, Span

EXCERPT_CHARACTERS = 90


class Weighed(NamedTuple):
    """A reason and how strong it is, 0 to 1."""

    strength: float
    reason: Evidence


def many(number: int, half: int) -> float:
    """Rise from 0 towards 1; ``half`` of a kind are half convincing."""
    return number / (number + half)


def quote(segments: Segments, words: Span) -> str:
    """Quote a non-empty range of words, its beginning where it is long."""
    start, end = segments.characters(words)
    return cut(segments.article.text[start:end])


def cut(text: str) -> str:
    """Quote a text on one line, its beginning where it is long."""
    flat = " ".join(text[: 2 * EXCERPT_CHARACTERS].split())
    shown = flat if len(flat) <= EXCERPT_CHARACTERS else flat[:EXCERPT_CHARACTERS].rstrip() + "..."
    return f"\N{LEFT DOUBLE QUOTATION MARK}{shown}\N{RIGHT DOUBLE QUOTATION MARK}"


def counted(number: int, noun: str) -> str:
    """Count with the noun in the right number.

    >>> counted(1, "word"), counted(3, "word")
    ('1 word', '3 words')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
