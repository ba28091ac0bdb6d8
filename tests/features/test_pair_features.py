"""The pair features: their ranges, and what each family sees in small cases."""

from __future__ import annotations

from collections import Counter
from math import isnan, nan

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import LCSseq

from detector.align import align
from detector.features import PAIR_FAMILIES
from detector.features.comparison import Comparison, compare, correlation, quantile
from detector.features.editing import change_least, untouched_sentences
from detector.features.ordering import order_kept, split_sentences, word_order_kept
from detector.features.overlap import (
    longest_run,
    source_unigram_containment,
    telling_kept,
    trigram_containment,
    unigram_containment,
)
from detector.features.profile import profile
from detector.features.quotations import numbers_kept, quotations_changed, quotations_kept
from detector.features.substitution import (
    isolated_swaps,
    spelling_swaps,
    synonym_content_swaps,
)
from detector.records import Article, Pair
from detector.segment import segment

SOURCE = (
    "The council said on Tuesday that it would buy the old mill beside the Arrel river. "
    "Officials began to search for a builder in March, after three big floods. "
    '"We have waited eleven years for someone to help this valley," the mayor said. '
    "The work will cost 4.2 million crowns and should be complete by autumn. "
    "Residents were quick to answer that the price had doubled since the first plan."
)
SPUN = (
    "The council said on Tuesday that it would purchase the old mill beside the Arrel river. "
    "Officials started to seek for a builder in March, after three large floods. "
    '"We have waited eleven years for someone to aid this valley," the mayor said. '
    "The work will cost 4.2 million crowns and should be finished by fall. "
    "Residents were fast to reply that the cost had doubled since the first plan."
)


def comparison(suspect: str, source: str = SOURCE) -> Comparison:
    """Compare two texts."""
    ours, theirs = (segment(Article(id=name, text=name)) for name in (suspect, source))
    return compare(align(Pair(ours, theirs)), profile(ours), profile(theirs))


VOCABULARY = (
    'the of said council mill river buy purchase big large 42 7% "we will, wait" valley, flood. '
    "Mayor ordered orders colour color amid “nobody knew”"
)
words = st.sampled_from([*VOCABULARY.split(), "\n\n"])
texts = st.lists(words, max_size=60).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(texts, texts)
def test_every_pair_feature_stays_in_its_declared_range(suspect, source):
    """A pair feature never leaves the range its declaration promises."""
    c = comparison(suspect, source)

    for feature in PAIR_FAMILIES:
        value = feature(c)
        assert isnan(value) or feature.low - 1e-9 <= value <= feature.high + 1e-9, feature.name


@settings(max_examples=60, deadline=None)
@given(texts.filter(str.split), texts.filter(str.split))
def test_case_is_no_evidence(suspect, source):
    """A pair feature of lower-cased texts is that of the texts, where they segment alike."""
    plain, lower = comparison(suspect, source), comparison(suspect.lower(), source.lower())

    alike = all(
        getattr(plain.alignment.pair, side).sentence_words
        == getattr(lower.alignment.pair, side).sentence_words
        for side in ("suspect", "source")
    )
    if alike:
        for feature in PAIR_FAMILIES:
            assert feature(plain) == pytest.approx(feature(lower), nan_ok=True), feature.name


def test_a_spun_text_shows_isolated_synonym_swaps():
    """Word-for-word synonyms show as isolated swaps, every sentence touched."""
    c = comparison(SPUN)

    assert synonym_content_swaps(c) > 0.6
    assert isolated_swaps(c) == 1.0
    assert change_least(c) > 0
    assert untouched_sentences(c) == 0
    assert quotations_changed(c) == 1.0
    assert numbers_kept(c) == 1.0


def test_a_copy_is_untouched():
    """A copy keeps its trigrams, its quotations and its order."""
    c = comparison(SOURCE)

    assert trigram_containment(c) == 1.0
    assert untouched_sentences(c) == 1.0
    assert quotations_kept(c) == 1.0
    assert order_kept(c) == 1.0
    assert longest_run(c) > 4


def test_american_spelling_is_seen_as_spelling():
    """Swaps between British and American spelling are told from other swaps."""
    british = "The harbour centre honoured its labourers with a grey theatre programme in colour."
    american = "The harbor center honored its laborers with a gray theater program in color."

    assert spelling_swaps(comparison(american, british)) == 1.0


def test_split_sentences_are_counted():
    """Two suspect sentences from one source sentence are a split."""
    c = comparison(
        SOURCE.replace(
            "The work will cost 4.2 million crowns and should be",
            "The work will cost 4.2 million crowns. The work should be",
        )
    )

    assert split_sentences(c) == pytest.approx(2 / 6)


def test_what_cannot_be_measured_is_nan():
    """Texts with nothing in common have no swaps, no order and no changed sentences."""
    c = comparison("A violinist from Tessaly played two encores, and the hall rose for her.")

    assert isnan(synonym_content_swaps(c))
    assert isnan(order_kept(c))
    assert isnan(change_least(c))
    assert telling_kept(c) == 0.0


numbers = st.lists(st.floats(0, 1), min_size=1, max_size=30)


@given(numbers, st.sampled_from([0.1, 0.25, 0.5, 0.9]))
def test_quantiles_are_those_of_numpy(values: list[float], part: float) -> None:
    """A quantile is numpy's, to the last digit."""
    assert quantile(values, part) == float(np.quantile(values, part))


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=4, max_size=30))
def test_correlations_are_those_of_numpy(points: list[tuple[float, float]]) -> None:
    """A correlation of rows that vary is numpy's, to the last digit."""
    ours, theirs = np.array(points).T
    assume(np.std(ours) > 1e-9 and np.std(theirs) > 1e-9)

    assert correlation(ours, theirs) == float(np.clip(np.corrcoef(ours, theirs)[0, 1], -1, 1))


# Telling words, each of a stem of its own.
TELLING = "council mill river purchase large valley flood mayor colour harbour ferry pilot"
telling_words = st.lists(st.sampled_from(TELLING.split()), min_size=5, max_size=30)


@settings(max_examples=60, deadline=None)
@given(telling_words, telling_words, st.randoms())
def test_information_contained_is_alike_in_any_order_to_the_last_digit(suspect, source, random):
    """What part of either side's information the other has does not hang on the words' order."""
    plain = comparison(" ".join(suspect), " ".join(source))
    mixed = comparison(
        " ".join(random.sample(suspect, len(suspect))), " ".join(random.sample(source, len(source)))
    )

    for measured in (unigram_containment, source_unigram_containment):
        assert measured(plain) == measured(mixed)


@settings(max_examples=60, deadline=None)
@given(texts, texts)
def test_word_order_is_measured_by_the_words_in_common(suspect, source):
    """Of each matched sentence the longest common subsequence, of the words that both have."""
    c = comparison(suspect, source)

    shares = []
    for ours, theirs in c.sentence_stems:
        common = (Counter(ours) & Counter(theirs)).total()
        if common >= 3:
            shares.append(LCSseq.similarity(ours, theirs) / common)
    expected = sum(shares) / len(shares) if shares else nan
    assert word_order_kept(c) == pytest.approx(expected, nan_ok=True)
