"""Stage 3: paragraphs, sentences, words and quotations, with offsets into the text.

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
from typing import TYPE_CHECKING

from detector.records import Segments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nupunkt import PunktSentenceTokenizer

    from detector.records import Article, Span

_BLANK_LINE = re.compile(r"\n\s*\n")
_WORD = re.compile(
    r"\d++(?:[.,:]\d++)*+(?:%|[^\W_]*+)"  # 1,200.50  3.5%  20th  5m
    r"|[^\W\d_](?:\.[^\W\d_])++(?![^\W_])"  # U.S  p.m
    r"|[^\W_]++(?:['’][^\W_]++)*+"  # don't  covid19
)

# An opening mark stands before a word or a bracket and after white space, a bracket or a dash;
# which keeps the inches of 6'2" and a stray mark at a sentence's end from opening anything.
_BEFORE_OPENING = frozenset(" \n\t([{-–—/'‘")
_DOUBLE_MARK = re.compile('["“”„‟«»]')
_OPENING = frozenset("“„‟«")
_CLOSING = frozenset("”»")
# Between single marks stands no other single mark but apostrophes inside words.
_SINGLE = re.compile(
    r"['‘](?<![^\s(\[\"“—–-]['‘])(?=[^\W_])"
    r"((?:[^'‘’\n]|(?<=\w)['’](?=\w))++)['’](?!\w)"
)
# Words that begin with an apostrophe open no quotation.
_ELISION = re.compile(r"(?:em|til|tis|twas|cause|bout|round|n|\d\ds?)\b", re.IGNORECASE)
# Without punctuation before its closing mark, a single-quoted stretch of fewer words is more often
# a nickname, a headline word or two apostrophes than somebody's speech.
_SINGLE_QUOTED_WORDS = 3


def segment(article: Article) -> Segments:
    """Divide a cleaned article into paragraphs, sentences, words and quotations.

    All spans are ordered and do not overlap. Every word lies in exactly one sentence, every
    sentence and every quotation in one paragraph. A quotation over several paragraphs, whose mark
    is opened again in each, gives one span a paragraph; a mark that is never closed ends with its
    paragraph. Works for text all in lower case and with white space before its punctuation.

    Parameters
    ----------
    article : as `detector.clean.clean` returns it
    """
    text = article.text
    paragraphs = tuple(_paragraphs(text))
    word_spans = tuple([match.span() for match in _WORD.finditer(text)])
    sentences, sentence_words = _sentences(text, paragraphs, word_spans)
    return Segments(
        article=article,
        paragraphs=paragraphs,
        sentences=sentences,
        words=_words(text, word_spans),
        word_spans=word_spans,
        sentence_words=sentence_words,
        quotations=tuple(span for paragraph in paragraphs for span in _quotations(text, paragraph)),
    )


def _words(text: str, spans: tuple[Span, ...]) -> tuple[str, ...]:
    """Spell the words alike: lower case, straight apostrophes."""
    lower = text.lower()
    # One letter becomes two; another has a form of its own at a word's end.
    if len(lower) != len(text) or "Σ" in text:
        return tuple([text[start:end].lower().replace("’", "'") for start, end in spans])
    lower = lower.replace("’", "'")
    return tuple([lower[start:end] for start, end in spans])


def _paragraphs(text: str) -> Iterator[Span]:
    """Yield the stretches between blank lines, trimmed of white space."""
    start = 0
    for blank in _BLANK_LINE.finditer(text):
        yield from _trimmed(text, start, blank.start())
        start = blank.end()
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
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
    text: str, paragraphs: tuple[Span, ...], words: tuple[Span, ...]
) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Split each paragraph into sentences, and say which words each of them holds.

    A fragment without a word (a lone closing mark, a row of stars) goes with the sentence before
    it, and a cut that would part a word is not made.
    """
    starts = [start for start, _ in words]
    sentences: list[Span] = []
    ranges: list[Span] = []
    for paragraph_start, paragraph_end in paragraphs:
        begin, first = paragraph_start, bisect_left(starts, paragraph_start)
        for cut in _cuts(text, paragraph_start, paragraph_end):
            last = bisect_left(starts, cut, first)
            if last > first and words[last - 1][1] <= cut:
                sentences.append((begin, cut))
                ranges.append((first, last))
                begin, first = cut, last
            elif last == first and begin > paragraph_start:
                sentences[-1] = (sentences[-1][0], cut)
                begin = cut
    return tuple(_without_trailing_space(text, span) for span in sentences), tuple(ranges)


def _cuts(text: str, start: int, end: int) -> Iterator[int]:
    """Yield where each sentence of a paragraph gives way to the next; last of all its end."""
    begins = [begin for begin, _ in _splitter().span_tokenize(text[start:end])]
    yield from (start + begin for begin in begins[1:])
    yield end


def _without_trailing_space(text: str, span: Span) -> Span:
    start, end = span
    return start, start + len(text[start:end].rstrip())


def _quotations(text: str, paragraph: Span) -> list[Span]:
    """Return what stands between quotation marks in one paragraph, in order."""
    double = list(_double_quoted(text, *paragraph))
    single = [
        span
        for span in _single_quoted(text, *paragraph)
        if not any(start < span[1] and span[0] < end for start, end in double)
    ]
    found = sorted(double + single) if single else double
    return [trimmed for start, end in found for trimmed in _trimmed(text, start, end)]


def _double_quoted(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield what stands between double marks; an opening mark inside opens nothing."""
    opened: int | None = None
    for mark in _DOUBLE_MARK.finditer(text, start, end):
        opens, closes = _roles(text, mark.start(), start, end)
        if opened is None and opens:
            opened = mark.end()
        elif opened is not None and closes:
            yield opened, mark.start()
            opened = None
    if opened is not None:
        yield opened, end


def _roles(text: str, at: int, start: int, end: int) -> tuple[bool, bool]:
    """Say whether the mark at `at` may open and may close a quotation."""
    mark = text[at]
    if mark in _OPENING:
        return True, False
    if mark in _CLOSING:
        return False, True
    space_before = at == start or text[at - 1] in _BEFORE_OPENING
    space_after = at + 1 == end or text[at + 1].isspace()
    return space_before, not space_before or space_after


def _single_quoted(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield what stands between single marks, where it is clearly somebody's words."""
    for match in _SINGLE.finditer(text, start, end):
        quoted = match[1]
        if _ELISION.match(quoted):
            continue
        if quoted[-1] in ".,!?…" or len(quoted.split()) >= _SINGLE_QUOTED_WORDS:
            yield match.span(1)
