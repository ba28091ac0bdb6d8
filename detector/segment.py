"""Stage 3: paragraphs, sentences and words, with offsets into the text.

What a word is, for every later stage:

* a run of letters and digits, in lower case, with straight apostrophes: ``don't`` is one word, and
  so is ``o'clock``; an apostrophe at either end belongs to no word;
* a number with its separators and its percent sign: ``1,200.50``, ``10:30``, ``3.5%``, ``20th``;
* initials without their last stop: ``U.S.`` gives ``u.s``, ``p.m.`` gives ``p.m``;
* hyphens and dashes part words: ``well-known`` gives ``well`` and ``known``, for spinners and
  translators add and drop hyphens freely, and the halves still align.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from detector.records import Segments

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray
    from nupunkt import PunktSentenceTokenizer

    from detector.records import Article, Span

_BLANK_LINE = re.compile(r"\n\s*\n")
_WORD = re.compile(
    r"\d++(?:[.,:]\d++)*+(?:%(?![^\W_])|[^\W_]*+)"  # 1,200.50  3.5%  20th  5m
    r"|[^\W\d_](?:\.[^\W\d_])++(?![^\W_])"  # U.S  p.m
    r"|[^\W_]++(?:['’][^\W_]++)*+"  # don't  covid19
)
# What a character is to a word; only those of `_WORD` that are no letter or digit may join runs.
_OTHER, _IN_WORDS, _JOINING, _PERCENT, _RARE = range(5)
# Characters from here on are rare in English, and looked up one by one.
_FIRST_RARE = 0x2070
_BLANK = np.uint32(ord(" "))
# Where a sentence may end before a paragraph's last word: the sentence model ends none at any other
# mark. Two paragraphs of three in the news have no such place, and need not be put to it.
_MAY_END = re.compile(r"[.!?…]\W")


def segment(article: Article) -> Segments:
    """Divide a cleaned article into paragraphs, sentences and words.

    All spans are ordered and do not overlap. Every word lies in exactly one sentence, every
    sentence in one paragraph. Works for text all in lower case and with white space before its
    punctuation.

    Parameters
    ----------
    article : as `detector.clean.clean` returns it
    """
    text = article.text
    paragraphs = tuple(_paragraphs(text))
    words, starts, ends = _words(text)
    sentences, sentence_words = _sentences(text, paragraphs, starts, ends)
    return Segments(
        article=article,
        paragraphs=paragraphs,
        sentences=sentences,
        words=words,
        word_starts=tuple(starts),
        word_ends=tuple(ends),
        sentence_words=sentence_words,
    )


def _words(text: str) -> tuple[tuple[str, ...], list[int], list[int]]:
    """Find the words as `_WORD` has them, in lower case, and where they begin and end.

    Runs of letters and digits are found in all of the text at once. The pattern, which takes three
    times as long, is asked only where a mark may join two of them or belong to one.
    """
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    kinds = _kinds_of(codes)
    starts, ends, marked = _runs(kinds)
    spaced = np.where(kinds == _IN_WORDS, codes, _BLANK)
    for first, last, end in reversed(_joined(text, starts, ends, marked)):
        del starts[first + 1 : last + 1]
        ends[first : last + 1] = [end]
        spaced[starts[first] : end] = codes[starts[first] : end]
    # No two words stand side by side, so that blanks part them all.
    spelt = spaced.tobytes().decode("utf-32-le", "surrogatepass").lower().replace("’", "'")
    return tuple(spelt.split()), starts, ends


def _joined(
    text: str, starts: list[int], ends: list[int], marked: list[int]
) -> list[tuple[int, int, int]]:
    """List the words that are more than a run: the first run, the last, and where they end."""
    found: list[tuple[int, int, int]] = []
    for run in marked:
        if found and run <= found[-1][1]:
            continue
        word = _WORD.match(text, starts[run])
        if word and word.end() > ends[run]:
            found.append((run, bisect_left(starts, word.end()) - 1, word.end()))
    return found


def _runs(kinds: NDArray[np.uint8]) -> tuple[list[int], list[int], list[int]]:
    """Find runs of letters and digits: where they begin, end, and which have a mark behind them.

    Such a mark is one that may join the run and the next, which it alone parts, or a percent sign.
    """
    padded = np.full(len(kinds) + 2, _OTHER, dtype=np.uint8)
    padded[1:-1] = kinds
    inside = padded == _IN_WORDS
    edges = np.flatnonzero(inside[1:] != inside[:-1])
    starts, ends = edges[::2], edges[1::2]
    behind = padded[ends + 1]
    joined = np.zeros(len(ends), dtype=np.bool_)
    joined[:-1] = (behind[:-1] == _JOINING) & (starts[1:] == ends[:-1] + 1)
    marked = np.flatnonzero(joined | (behind == _PERCENT))
    return starts.tolist(), ends.tolist(), marked.tolist()


def _kinds_of(codes: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """Say what each character is to a word; shape (characters,)."""
    kinds = _kinds().take(codes, mode="clip")
    rare = np.flatnonzero(kinds == _RARE)
    kinds[rare] = [_kind(chr(code)) for code in codes[rare].tolist()]
    return kinds


@lru_cache(maxsize=1)
def _kinds() -> NDArray[np.uint8]:
    """Say what each character is to a word; all from `_FIRST_RARE` on are `_RARE`."""
    return np.array([*(_kind(chr(code)) for code in range(_FIRST_RARE)), _RARE], dtype=np.uint8)


def _kind(character: str) -> int:
    if character == "%":
        return _PERCENT
    if character in ".,:'’":
        return _JOINING
    return _IN_WORDS if character.isalnum() else _OTHER


def _paragraphs(text: str) -> Iterator[Span]:
    """Yield the stretches between blank lines, trimmed of white space."""
    start = 0
    for blank in _BLANK_LINE.finditer(text):
        yield from trimmed(text, start, blank.start())
        start = blank.end()
    yield from trimmed(text, start, len(text))


def trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the span without white space at its ends, or nothing if nothing is left."""
    stripped = text[start:end].strip()
    if stripped:
        start += text[start:end].index(stripped[0])
        yield start, start + len(stripped)


@lru_cache(maxsize=1)
def _splitter() -> PunktSentenceTokenizer:
    """Load the sentence model once, when it is first needed."""
    import nupunkt  # noqa: PLC0415 - slow to import, with a model of its own

    return nupunkt.load("default")


def _sentences(
    text: str, paragraphs: Sequence[Span], starts: list[int], ends: list[int]
) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Split each paragraph into sentences, and say which words each of them holds.

    Parameters
    ----------
    starts, ends : of the words
    """
    sentences: list[Span] = []
    ranges: list[Span] = []
    first = 0
    for start, end in paragraphs:
        behind = bisect_left(starts, end, first)
        if behind > first and _MAY_END.search(text, start, ends[behind - 1]):
            begins = _begins(_cuts(text, start, end), (first, behind), starts, ends)
            for (begin, word), (cut, last) in pairwise([(start, first), *begins, (end, behind)]):
                sentences.append((begin, begin + len(text[begin:cut].rstrip())))
                ranges.append((word, last))
        elif behind > first:
            sentences.append((start, end))
            ranges.append((first, behind))
        first = behind
    return tuple(sentences), tuple(ranges)


def _begins(cuts: Iterable[int], words: Span, starts: list[int], ends: list[int]) -> list[Span]:
    """Say with which character and which word each sentence but a paragraph's first begins.

    A fragment without a word (a lone closing mark, a row of stars) goes with the sentence before
    it, and a cut that would part a word is not made.
    """
    first, behind = words
    begins: list[Span] = []
    for cut in cuts:
        word = bisect_left(starts, cut, first, behind)
        if first < word < behind and ends[word - 1] <= cut:
            begins.append((cut, word))
            first = word
        elif begins and word == first:
            begins[-1] = (cut, word)
    return begins


def _cuts(text: str, start: int, end: int) -> list[int]:
    """Say where each sentence of a paragraph gives way to the next."""
    begins = [begin for begin, _ in _splitter().span_tokenize(text[start:end])]
    return [start + begin for begin in begins[1:]]
