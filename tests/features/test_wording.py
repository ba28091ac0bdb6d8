"""The buckets of an article's words and couples."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from detector.align import align
from detector.features.comparison import compare
from detector.features.profile import profile
from detector.features.wording import BUCKETS, brought_along, wording
from detector.lexicon import STOP_WORDS, pair_hashes, word_hash
from detector.records import Article, Pair
from detector.segment import segment

WORDS = st.lists(st.sampled_from(["ferry", "storm", "late", "the", "of", "1998", "7"]), max_size=12)
TEXTS = st.lists(WORDS.filter(bool), max_size=5).map(
    lambda sentences: " ".join(" ".join(words).capitalize() + "." for words in sentences)
)


def buckets(text: str) -> list[int]:
    """List the buckets of a text."""
    found = wording(profile(segment(Article(id="", text=text))))
    assert found.dtype == np.uint32
    return [int(number) for number in found]


def slow_buckets(text: str) -> list[int]:
    """List them as the docstring says, a word and a couple at a time."""
    segments = segment(Article(id="", text=text))
    found = set()
    for start, end in segments.sentence_words:
        words = segments.words[start:end]
        found |= {word_hash(word) % BUCKETS for word in words}
        for pair in pairwise(words):
            first, second = (np.array([word_hash(word)], dtype=np.uint64) for word in pair)
            found.add(int(pair_hashes(first, second)[0]) % BUCKETS)
    return sorted(found)


@given(TEXTS)
def test_buckets_are_those_of_each_word_and_couple(text: str) -> None:
    """Looked up at once they are what each word and couple gives by itself."""
    assert buckets(text) == slow_buckets(text)


@given(TEXTS)
def test_saying_all_of_it_twice_fills_no_more_buckets(text: str) -> None:
    """What stands there twice counts once."""
    assert buckets(f"{text}\n\n{text}".strip()) == buckets(text)


def test_a_couple_ends_at_the_sentence() -> None:
    """The last word of a sentence and the first of the next are no neighbours."""
    together, apart = (
        buckets("The storm passed the ferry."),
        buckets("The storm passed. The ferry."),
    )

    assert set(apart) < set(together)
    assert len(together) - len(apart) == 1


def test_numbers_are_one_word() -> None:
    """Which year it was makes no difference."""
    assert buckets("The ferry of 1998 sank.") == buckets("The ferry of 2003 sank.")


def test_order_counts_by_neighbours_only() -> None:
    """The same words in another order share their words' buckets, not their couples'."""
    there, back = set(buckets("Storms delay ferries.")), set(buckets("Ferries delay storms."))

    assert len(there & back) == 3
    assert len(there) == len(back) == 5


@given(TEXTS, TEXTS)
def test_what_a_suspect_brings_along_is_its_own_plain_words(suspect: str, source: str) -> None:
    """Each where it stands first, without names, numbers, function words and the source's words."""
    ours, theirs = (segment(Article(id="", text=text)) for text in (suspect, source))
    pair = compare(align(Pair(ours, theirs)), profile(ours), profile(theirs))
    first: dict[str, int] = {}
    for place, (start, end) in enumerate(zip(ours.word_starts, ours.word_ends, strict=True)):
        spelt = suspect[start:end]
        if spelt.isalpha() and spelt.islower() and spelt not in {*STOP_WORDS, *theirs.words}:
            first.setdefault(spelt, place)

    assert brought_along(pair) == {
        place: word_hash(word) % BUCKETS for word, place in first.items()
    }
