"""What the features need to know of one article, each thing computed once, when first asked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detector.features.counting import Counts, count
from detector.features.traits import traits
from detector.lexicon import STOP_WORDS, Lexicon, lexicon, word_hash
from detector.quoting import quotations, quoted_words
from detector.records import Segments, Span
from detector.tokens import Tokens, tokens_of

# A word in this share of the background documents is everyday language: one in 300, some 7,200
# words. Both sides of a word pair must be common before their never having met says anything.
COMMON_IDF = 5.7


@dataclass(frozen=True, eq=False)
class Profile:
    """One article's words, seen through the word lists."""

    segments: Segments
    lexicon: Lexicon

    @property
    def words(self) -> tuple[str, ...]:
        """The article's words, lower case."""
        return self.segments.words

    @property
    def text(self) -> str:
        """The article's cleaned text."""
        return self.segments.article.text

    @cached_property
    def tokens(self) -> Tokens:
        """The article's words by number."""
        return tokens_of(self.segments)[0]

    @cached_property
    def counts(self) -> Counts:
        """What the readability formulas stand on."""
        return count(self.text, self.lexicon)

    @cached_property
    def frequencies(self) -> Counter[str]:
        """How often each word stands in the article."""
        return Counter(self.words)

    @cached_property
    def idf(self) -> NDArray[np.float64]:
        """How rare each word is in the background; nats, shape (words,)."""
        return self.tokens.known(self.lexicon.idf, "d")

    @cached_property
    def content(self) -> NDArray[np.bool_]:
        """Which words are neither function words nor numbers; shape (words,)."""
        return self.tokens.known(_is_content, "b").astype(np.bool_)

    @cached_property
    def traits(self) -> NDArray[np.int64]:
        """Bits of `detector.features.traits.Trait` for each word; shape (words,)."""
        return self.tokens.known(traits, "q")

    @cached_property
    def sentence_lengths(self) -> NDArray[np.int64]:
        """Words in each sentence; shape (sentences,)."""
        lengths = (end - start for start, end in self.segments.sentence_words)
        return np.fromiter(lengths, np.int64, len(self.segments.sentence_words))

    @cached_property
    def quotations(self) -> tuple[Span, ...]:
        """What stands between quotation marks; characters."""
        return quotations(self.segments)

    @cached_property
    def quoted_words(self) -> tuple[Span, ...]:
        """The same as ranges of words."""
        return quoted_words(self.segments, self.quotations)

    @cached_property
    def openings(self) -> tuple[str, ...]:
        """The first word of each sentence that has words."""
        return tuple(self.words[a] for a, b in self.segments.sentence_words if b > a)

    @cached_property
    def within(self) -> NDArray[np.bool_]:
        """Which neighbouring words share a sentence; shape (max(0, words - 1),)."""
        same = np.ones(max(0, len(self.words) - 1), dtype=np.bool_)
        firsts = [a for a, b in self.segments.sentence_words if 0 < a < b]
        same[np.array(firsts, dtype=np.int64) - 1] = False
        return same

    @cached_property
    def unseen(self) -> NDArray[np.bool_]:
        """Which neighbours in one sentence never met in the background; shape as `within`."""
        return self.within & ~self.lexicon.met(self.tokens.known(word_hash, "Q"))

    @cached_property
    def common_pairs(self) -> NDArray[np.bool_]:
        """Which neighbours in one sentence are both common words; shape as `within`."""
        common = self.idf < COMMON_IDF
        return self.within & common[:-1] & common[1:]


def _is_content(word: str) -> bool:
    return word not in STOP_WORDS and word[0].isalpha()


def profile(segments: Segments) -> Profile:
    """Look at an article through the shipped word lists."""
    return Profile(segments, lexicon())
