"""A suspect's numbers, read as the source writes them: in words, or in figures.

Figures written out look like words that were exchanged and added, and got honest people accused:
docs/decisions/0086-numbers.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from detector.records import Segments, Span

_FIGURES = re.compile(r"\d{1,3}(?:,\d{3})*|\d+")
_ONES = "zero one two three four five six seven eight nine ten eleven twelve"
_TEENS = "thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_BELOW_TWENTY = {word: value for value, word in enumerate(f"{_ONES} {_TEENS}".split())}
_ROUND = {word: 10 * tens for tens, word in enumerate(_TENS.split(), 2)}
_OF_ONE_WORD = _BELOW_TWENTY | _ROUND
# Characters of figures, with commas: words are read below a million, and Python reads no number of
# over 4,300 digits.
_LONGEST_FIGURES = 12


class Numeral(NamedTuple):
    """A number in words."""

    value: int
    end: int  # behind its last word


def renumbered(suspect: Segments, source: Segments) -> Segments:
    """Give the suspect with its numbers written as the source has them.

    A number of several words becomes one word, over all their characters; of what is to become
    words only numbers of one word do. The text stays. The same object where nothing changes.
    """
    ours, theirs = set(suspect.words), set(source.words)
    in_words = {str(value): word for word, value in _OF_ONE_WORD.items() if word in theirs}
    turned = {figures: word for figures, word in in_words.items() if figures in ours - theirs}
    found: list[tuple[Span, str]] = []
    if not _OF_ONE_WORD.keys().isdisjoint(ours):
        found += _written_out(suspect, source.words, _figures(theirs))
    if not found and not turned:
        return suspect
    return _rewritten(suspect, found, turned)


def _figures(words: set[str]) -> dict[int, str]:
    """Give whole numbers in figures by their values."""
    # Few words, at a tenth of the time.
    begun = sorted(w for w in words if w[0].isdecimal() and len(w) <= _LONGEST_FIGURES)
    return {int(w.replace(",", "")): w for w in begun if _FIGURES.fullmatch(w)}


def _written_out(
    suspect: Segments, theirs: tuple[str, ...], figures: Mapping[int, str]
) -> Iterator[tuple[Span, str]]:
    """Find what is written out of the source's figures, unless the source has it so, too."""
    for start, end in suspect.sentence_words if figures else ():
        sentence, place = list(suspect.words[start:end]), 0
        if _OF_ONE_WORD.keys().isdisjoint(sentence):
            continue
        while place < len(sentence):
            numeral = cardinal(sentence, place)
            if numeral is None:
                place += 1
                continue
            span = start + place, start + numeral.end
            if numeral.value in figures and not _stands(suspect.words[slice(*span)], theirs):
                yield span, figures[numeral.value]
            place = numeral.end


def _stands(words: tuple[str, ...], within: tuple[str, ...]) -> bool:
    size = len(words)
    return any(within[k : k + size] == words for k, w in enumerate(within) if w == words[0])


def _rewritten(
    suspect: Segments, found: Sequence[tuple[Span, str]], turned: Mapping[str, str]
) -> Segments:
    """Put figures for what is written out, and words for figures."""
    words = [turned.get(word, word) for word in suspect.words]
    starts, ends = list(suspect.word_starts), list(suspect.word_ends)
    joined = [0] * len(words)  # words that went at this one
    for (start, end), figures in reversed(found):
        words[start:end] = [figures]
        starts[start:end], ends[start:end] = [starts[start]], [ends[end - 1]]
        joined[end - 1] = end - start - 1
    gone = [0]  # before each word
    for count in joined:
        gone.append(gone[-1] + count)
    return replace(
        suspect,
        words=tuple(words),
        word_starts=tuple(starts),
        word_ends=tuple(ends),
        sentence_words=tuple((a - gone[a], b - gone[b]) for a, b in suspect.sentence_words),
    )


# ---------------------------------------------------------------- numbers in words


def cardinal(words: list[str], start: int) -> Numeral | None:
    """Read the number below a million that begins at a word, as far as it goes.

    >>> cardinal("about one thousand two hundred and five boats".split(), 1)
    Numeral(value=1205, end=7)
    >>> cardinal("two three".split(), 0), cardinal("hundred".split(), 0)
    (Numeral(value=2, end=1), None)
    """
    if words[start] not in _OF_ONE_WORD:  # most words, at a tenth of the time
        return None
    return _counted(words, _hundreds(words, start), "thousand", _hundreds)


_UNITS = {"hundred": 100, "thousand": 1000}


def _counted(
    words: list[str],
    head: Numeral | None,
    unit: str,
    rest: Callable[[list[str], int], Numeral | None],
) -> Numeral | None:
    """Read on behind so many of a unit: "two" [hundred [and] [five]]."""
    if not head or not head.value or words[head.end : head.end + 1] != [unit]:
        return head
    whole, place = head.value * _UNITS[unit], head.end + 1
    more = rest(words, place + (words[place : place + 1] == ["and"]))
    return Numeral(whole + more.value, more.end) if more else Numeral(whole, place)


def _hundreds(words: list[str], start: int) -> Numeral | None:
    head = _tens(words, start)
    return _counted(words, head, "hundred", _tens) if head and head.value < 10 else head


def _tens(words: list[str], start: int) -> Numeral | None:
    word, after = (words[k] if k < len(words) else "" for k in (start, start + 1))
    if word in _BELOW_TWENTY:
        return Numeral(_BELOW_TWENTY[word], start + 1)
    if word not in _ROUND:
        return None
    ones = _BELOW_TWENTY.get(after, 0)
    joined = 0 < ones < 10
    return Numeral(_ROUND[word] + ones * joined, start + 1 + joined)
