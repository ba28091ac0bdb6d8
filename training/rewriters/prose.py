"""Paragraphs and sentences of a text, taken apart and put together again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from detector.records import Article
from detector.segment import segment

_QUOTED = re.compile(r'"[^"\n]*"|“[^”\n]*”|«[^»\n]*»')


def paragraphs(text: str) -> list[str]:
    """List the paragraphs of a text."""
    return [block for block in text.split("\n\n") if block]


def joined(blocks: Iterable[str]) -> str:
    """Put paragraphs together."""
    return "\n\n".join(block for block in blocks if block)


@lru_cache(maxsize=4096)
def _sentences(paragraph: str) -> tuple[str, ...]:
    spans = segment(Article(id="", text=paragraph)).sentences
    return tuple(paragraph[start:end] for start, end in spans)


def sentences(paragraph: str) -> list[str]:
    """List the sentences of a paragraph."""
    return list(_sentences(paragraph))


def sentence_lists(text: str) -> list[list[str]]:
    """List the sentences of each paragraph."""
    return [sentences(paragraph) for paragraph in paragraphs(text)]


def from_sentences(lists: Iterable[Iterable[str]]) -> str:
    """Put sentences together to paragraphs, and those to a text."""
    return joined(" ".join(found) for found in lists)


def flattened(text: str) -> str:
    """Make one paragraph of a text."""
    return " ".join(text.split())


def count_words(text: str) -> int:
    """Count what white space parts."""
    return len(text.split())


def cut_to(text: str, most_words: int) -> str:
    """Keep the first whole paragraphs up to a number of words, or sentences of a long first one."""
    kept: list[str] = []
    left = most_words
    for paragraph in paragraphs(text):
        left -= count_words(paragraph)
        if left < 0:
            if not kept:
                kept.append(_first_sentences(paragraph, most_words))
            break
        kept.append(paragraph)
    return joined(kept)


def _first_sentences(paragraph: str, most_words: int) -> str:
    kept: list[str] = []
    left = most_words
    for sentence in sentences(paragraph):
        left -= count_words(sentence)
        if left < 0 and kept:
            break
        kept.append(sentence)
    return " ".join(kept)


def quoted_spans(text: str) -> list[tuple[int, int]]:
    """List the stretches between double quotation marks, marks included."""
    return [match.span() for match in _QUOTED.finditer(text)]


def outside_quotations(text: str, change: Callable[[str], str]) -> str:
    """Apply a change to everything but quotations."""
    parts = []
    last = 0
    for start, end in quoted_spans(text):
        parts += [change(text[last:start]), text[start:end]]
        last = end
    return "".join([*parts, change(text[last:])])


def capitalised_like(word: str, model: str) -> str:
    """Give a word the capitals of another."""
    if len(model) > 1 and model.isupper():
        return word.upper()
    if model[:1].isupper():
        return word[:1].upper() + word[1:]
    return word
