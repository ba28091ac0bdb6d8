"""Vocabulary measures: lexicalrichness is the oracle where it knows the measure."""

from __future__ import annotations

import warnings
from collections import Counter
from itertools import islice
from math import fsum, isnan
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.features.lexical import (
    LEXICAL,
    hapax_share,
    hdd,
    mattr,
    moving_variety,
    mtld,
    taken_up_share,
    ttr_first_100,
    word_evenness,
    yule_k,
)
from detector.features.profile import Profile, profile
from detector.features.registry import Feature
from detector.records import Article
from detector.segment import segment

POOL = "harbour vote storm pilot ferry tide rope quay crew boat"
vocabulary = [*POOL.split(), "fee", "the", "of", "and", "a"]
few_words = st.lists(st.sampled_from(vocabulary), max_size=160)
many_words = st.lists(
    st.text("abcdefghij", min_size=1, max_size=3).filter(str.isalpha), min_size=50, max_size=160
)


def of(words: list[str]) -> Profile:
    """Give the profile of a text of these words."""
    return profile(segment(Article(id="a", text=" ".join(words))))


@pytest.fixture(scope="module")
def richness() -> Any:
    """Lexicalrichness's class; it imports pandas and warns about it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from lexicalrichness import LexicalRichness

    return lambda words: LexicalRichness(list(words), preprocessor=None, tokenizer=None)


@settings(max_examples=40)
@given(words=st.one_of(few_words, many_words).filter(lambda words: len(words) >= 50))
def test_measures_equal_lexicalrichness(richness: Any, words: list[str]) -> None:
    """MATTR, MTLD, HD-D and Yule's K have the values of the reference library."""
    measured, oracle = of(words), richness(words)

    assert mattr(measured) == pytest.approx(oracle.mattr(window_size=50), rel=1e-9)
    assert mtld(measured) == pytest.approx(oracle.mtld(threshold=0.72), rel=1e-9)
    assert hdd(measured) == pytest.approx(oracle.hdd(draws=42), rel=1e-9)
    assert yule_k(measured) == pytest.approx(oracle.yulek, rel=1e-9, abs=1e-9)


@given(words=few_words, window=st.integers(1, 12))
def test_moving_variety_is_the_mean_over_windows(words: list[str], window: int) -> None:
    """Sliding gives what counting each window anew gives."""
    windows = [words[i : i + window] for i in range(len(words) - window + 1)]
    value = moving_variety(of(words).tokens.numbers, window)

    if windows:
        assert value == pytest.approx(sum(len(set(w)) for w in windows) / len(windows) / window)
    else:
        assert isnan(value)


@pytest.mark.parametrize("measured", LEXICAL, ids=lambda f: f.name)
@given(words=st.one_of(few_words, many_words))
def test_lexical_stays_in_its_declared_range(measured: Feature[Profile], words: list[str]) -> None:
    """A lexical feature never leaves the range its declaration promises."""
    value = measured(of(words))

    assert isnan(value) or measured.low <= value <= measured.high


@pytest.mark.parametrize("measured", LEXICAL, ids=lambda f: f.name)
def test_lexical_says_nothing_of_no_words(measured: Feature[Profile]) -> None:
    """Without words there is no vocabulary to measure."""
    assert isnan(measured(of([])))


@given(words=st.lists(st.sampled_from(vocabulary), min_size=100, max_size=140))
def test_first_words_alone_decide_the_ratio(words: list[str]) -> None:
    """What follows the first 100 words changes nothing in their type-token ratio."""
    assert ttr_first_100(of(words)) == len(set(words[:100])) / 100
    assert ttr_first_100(of(words + ["unheard"] * 30)) == ttr_first_100(of(words))


def test_vocabulary_said_once_is_all_hapax_and_even() -> None:
    """A text that says no word twice is even, without repetition, and all hapax."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = [first + second for first in letters[:6] for second in letters[10:20]]
    measured = of(words)

    assert hapax_share(measured) == 1
    assert word_evenness(measured) == pytest.approx(1)
    assert yule_k(measured) == 0
    assert hdd(measured) == pytest.approx(1)
    assert mtld(measured) == len(words)


def test_taking_up_a_stem_counts_whatever_its_ending() -> None:
    """Inflected repeats of a content word are repeats."""
    pool = POOL.split()
    fresh = [f"{word}{ending}" for ending in ("x", "q", "z", "k", "w") for word in pool]
    inflected = list(islice((w for word in pool for w in (word, f"{word}s")), 20))

    assert taken_up_share(of(fresh)) == 0
    assert taken_up_share(of(inflected + fresh)) == pytest.approx(10 / 50)
    assert isnan(taken_up_share(of(pool)))


@given(st.lists(st.sampled_from(vocabulary), min_size=42, max_size=90))
def test_hdd_equals_a_product_draw_by_draw(words: list[str]) -> None:
    """HD-D is what 42 draws, one after another, are expected to find; to the last digit."""
    present, total = [], len(words)
    for times, kinds in Counter(Counter(words).values()).items():
        absent = 1.0
        for drawn in range(42):
            absent *= max(0, total - times - drawn) / (total - drawn)
        present.append(kinds * (1 - absent))

    assert hdd(of(words)) == min(1.0, fsum(present) / 42)


@given(st.lists(st.sampled_from(vocabulary), min_size=50, max_size=90), st.randoms())
def test_what_is_counted_is_alike_in_any_order_to_the_last_digit(words, random) -> None:
    """HD-D and evenness are the same number, bit for bit, in whatever order the words stand."""
    shuffled = random.sample(words, len(words))

    assert hdd(of(words)) == hdd(of(shuffled))
    assert word_evenness(of(words)) == word_evenness(of(shuffled))
