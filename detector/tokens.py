"""An article's words by number, and what the word lists know of each, looked up once a process.

A number is a character, too: so an article becomes a string with a letter a word, and another with
a letter a stem. Runs of words are slices of them, found and compared as fast as text is. What is
known of words stands in arrays by their numbers, so that an article's share of it is one look-up.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from detector.lexicon import STOP_WORDS, lexicon
from detector.records import Segments

Letters: TypeAlias = str
# Type codes of `array` and numpy alike.
Code: TypeAlias = Literal["b", "i", "q", "Q", "d"]

# Words remembered before the tables start anew: about 100 MB. Characters are twice as many, and
# an article brings a few 100,000 new words at most.
VOCABULARY_LIMIT = 500_000
# Odd, so that nothing is lost modulo 2**64; the fraction of the golden ratio (Knuth, vol. 3, 6.4).
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
# Articles whose words are remembered: a suspect and its candidates, several times over.
TOKENS_LIMIT = 64


class _Numbering(dict[str, str]):
    """Numbers for words in the order in which they were first asked for, as characters."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def __missing__(self, word: str) -> str:
        letter = self[word] = chr(len(self.words))
        self.words.append(word)
        return letter


class Vocabulary:
    """Words by number, and facts about them, each computed once."""

    def __init__(self) -> None:
        self._words, self._stems = _Numbering(), _Numbering()
        self._facts: dict[Callable[[str], Any], array[Any]] = {}
        self._tokens: OrderedDict[int, Tokens] = OrderedDict()  # by the identity of their segments

    def __len__(self) -> int:
        return len(self._words)

    def letters(self, words: Iterable[str]) -> Letters:
        """Write words with one letter each."""
        return "".join(map(self._words.__getitem__, words))

    def stem(self, word: str) -> int:
        """Give the number of a word's stem in American spelling."""
        return ord(self._stems[stem(word)])

    def known(
        self, fact: Callable[[str], Any], code: Code, numbers: NDArray[np.uint32]
    ) -> NDArray[Any]:
        """Look a fact about words up by their numbers; it is asked for once a word."""
        column = self._facts.setdefault(fact, array(code))
        if len(column) < len(self):
            column.extend(map(fact, self._words.words[len(column) :]))
        table = np.frombuffer(column, code) if column else np.empty(0, code)
        found: NDArray[Any] = table[numbers]
        return found

    def rows(
        self, fact: Callable[[str], tuple[int, ...]], width: int, numbers: NDArray[np.uint32]
    ) -> NDArray[np.int32]:
        """Look up several facts at once, shape (words, width)."""
        column = self._facts.setdefault(fact, array("i"))
        if len(column) < width * len(self):
            new = self._words.words[len(column) // width :]
            column.extend(chain.from_iterable(map(fact, new)))
        table = np.frombuffer(column, "i") if column else np.empty(0, "i")
        return table.reshape(-1, width)[numbers]

    def tokens(self, segments: Segments) -> Tokens:
        """Give an article's words by number; one stands in many pairs, soon one after another.

        By identity, for equal articles would have to be compared word by word; what is remembered
        keeps its segments alive, so that no others can have taken their place.
        """
        tokens = self._tokens.pop(id(segments), None)
        if tokens is None:
            tokens = Tokens(segments, self, self.letters(segments.words))
        self._tokens[id(segments)] = tokens
        if len(self._tokens) > TOKENS_LIMIT:
            self._tokens.popitem(last=False)
        return tokens


@dataclass(frozen=True, eq=False)
class Tokens:
    """An article's words by number; each thing computed once, however many pairs it stands in."""

    segments: Segments
    vocabulary: Vocabulary
    letters: Letters  # one a word, equal where the words are

    @cached_property
    def numbers(self) -> NDArray[np.uint32]:
        """The words' numbers; shape (words,)."""
        return numbers_of(self.letters)

    def known(self, fact: Callable[[str], Any], code: Code) -> NDArray[Any]:
        """Look up a fact about each word; shape (words,)."""
        return self.vocabulary.known(fact, code, self.numbers)

    @cached_property
    def stem_numbers(self) -> NDArray[np.int32]:
        """The number of each word's stem in American spelling; shape (words,)."""
        return self.known(self.vocabulary.stem, "i")

    @cached_property
    def stems(self) -> Letters:
        """The same as letters, one a word."""
        return self.stem_numbers.tobytes().decode("utf-32-le", "surrogatepass")

    @cached_property
    def sentences(self) -> list[Letters]:
        """The stems of each sentence."""
        return [self.stems[a:b] for a, b in self.segments.sentence_words]

    @cached_property
    def telling(self) -> NDArray[np.float64]:
        """Idf of each word, nats; 0 for stop words; shape (words,)."""
        return self.known(telling, "d")

    @cached_property
    def information(self) -> dict[Letters, float]:
        """Idf of each distinct stem, nats; of several words of one stem that of the last."""
        return dict(zip(self.stems, self.telling.tolist(), strict=True))

    @cached_property
    def _grams(self) -> dict[int, NDArray[np.uint64]]:
        return {}

    def grams(self, n: int) -> NDArray[np.uint64]:
        """Give the distinct word n-grams, as `grams` numbers them, in order of their numbers."""
        if n not in self._grams:
            self._grams[n] = distinct(grams(self.numbers, n))
        return self._grams[n]


def numbers_of(letters: Letters) -> NDArray[np.uint32]:
    """Turn letters into the numbers that they are; shape (letters,)."""
    return np.frombuffer(letters.encode("utf-32-le", "surrogatepass"), "<u4")


def grams(numbers: NDArray[np.integer], n: int) -> NDArray[np.uint64]:
    """Give the runs of n words numbers, equal where the runs are, and else but once in 2**64 not.

    Parameters
    ----------
    numbers : of the words or of their stems, shape (words,)

    Returns
    -------
    Shape (max(0, words - n + 1),).
    """
    codes = numbers.astype(np.uint64)
    for k in range(1, n):
        codes = codes[:-1] * _MULTIPLIER + numbers[k:].astype(np.uint64)
    return codes


def distinct(codes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Sort numbers and give each once; on a few hundred `np.unique` takes four times as long."""
    ordered = np.sort(codes)
    first = np.ones(len(ordered), dtype=np.bool_)
    first[1:] = ordered[1:] != ordered[:-1]
    found: NDArray[np.uint64] = ordered[first]
    return found


def among(codes: NDArray[np.uint64], known: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Tell which numbers are among the known ones, which are sorted; shape as `codes`."""
    if not len(known):
        return np.zeros(len(codes), dtype=np.bool_)
    places = np.minimum(np.searchsorted(known, codes), len(known) - 1)
    found: NDArray[np.bool_] = known[places] == codes
    return found


def stem(word: str) -> str:
    """Cut a word to its stem, in American spelling."""
    lex = lexicon()
    return lex.stem(lex.spelling_key(word))


def telling(word: str) -> float:
    """Give a word's idf, nats; 0 for stop words."""
    return 0.0 if word in STOP_WORDS else lexicon().idf(word)


_vocabulary = Vocabulary()


def tokens_of(*articles: Segments) -> tuple[Tokens, ...]:
    """Give the words of articles by number, alike in all of them.

    Their letters can be compared with each other, and with nobody else's: the vocabulary starts
    anew where it has grown too large.
    """
    global _vocabulary  # noqa: PLW0603 - one table a process; articles share most of their words
    if len(_vocabulary) > VOCABULARY_LIMIT:
        _vocabulary = Vocabulary()
    return tuple(map(_vocabulary.tokens, articles))
