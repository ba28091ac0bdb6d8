"""Alignment: laws under Hypothesis, and small cases that explain themselves."""

from __future__ import annotations

from itertools import combinations, pairwise
from math import isnan
from typing import NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import detector.tokens
from detector.align import MERGE_GAIN, MERGE_LIMIT, _incidence, align, edges, in_order
from detector.records import (
    COPIED,
    MOVED,
    NEW,
    SUBSTITUTED,
    Alignment,
    Article,
    Pair,
    Span,
)
from detector.segment import segment
from detector.tokens import tokens_of

VOCABULARY = (
    "the of a mayor harbour council ferry opened closed bridge 42 storm engineers yesterday said "
    "repair repaired budget colour color large big residents winter and in"
)
WORDS = VOCABULARY.split()
sentences = st.lists(st.sampled_from(WORDS), min_size=3, max_size=14).map(
    lambda words: " ".join(words).capitalize() + "."
)
texts = st.lists(sentences, min_size=1, max_size=7).map(" ".join)


def aligned(suspect: str, source: str) -> Alignment:
    """Align two texts."""
    pair = Pair(*(segment(Article(id=name, text=name)) for name in (suspect, source)))
    return align(pair)


class Run(NamedTuple):
    """A stretch of words that fared alike."""

    kind: str
    suspect: Span  # words
    source: Span  # words; empty for "new"


def runs(alignment: Alignment) -> list[Run]:
    """Tile the suspect's words."""
    names = {NEW: "new", SUBSTITUTED: "substituted", COPIED: "copied", MOVED: "moved"}
    found = []
    for start, end in pairwise(edges(alignment).tolist()):
        fate, first = alignment.kind[start], int(alignment.origin[start])
        there = (0, 0) if fate == NEW else (first, first + end - start)
        found.append(Run(names[int(fate)], (start, end), there))
    return found


@settings(max_examples=150)
@given(texts, texts)
def test_runs_tile_the_suspect(suspect, source):
    """Every suspect word stands in exactly one run, in order."""
    alignment = aligned(suspect, source)

    tiles = [run.suspect for run in runs(alignment)]
    assert tiles[0][0] == 0
    assert tiles[-1][1] == len(alignment.pair.suspect.words)
    assert all(a[1] == b[0] for a, b in pairwise(tiles))


@settings(max_examples=150)
@given(texts, texts)
def test_copied_and_moved_runs_quote_equal_words(suspect, source):
    """A copied or moved run has the same words on both sides, but for their inflection."""
    alignment = aligned(suspect, source)

    ours, theirs = alignment.pair.suspect.words, alignment.pair.source.words
    for run in runs(alignment):
        if run.kind == "copied":
            assert ours[slice(*run.suspect)] == theirs[slice(*run.source)]
        if run.kind in ("copied", "moved", "substituted"):
            assert run.suspect[1] - run.suspect[0] == run.source[1] - run.source[0]


@settings(max_examples=150)
@given(texts, texts)
def test_sources_are_those_that_explain_most_of_what_is_open(suspect, source):
    """A sentence's strength is the share of it that its sources hold; each further one adds most.

    Counted one source after another, where the alignment asks only for sentences that are open.
    """
    alignment = aligned(suspect, source)

    ours, theirs, weights = _incidence(*tokens_of(alignment.pair.suspect, alignment.pair.source))
    for match in alignment.matches:
        still = ours[match.suspect] * weights / (ours[match.suspect] @ weights)
        for place, j in enumerate(match.sources):
            gains = theirs @ still
            assert place == 0 or gains[j] == pytest.approx(gains.max(), abs=1e-5)
            assert place == 0 or gains[j] >= MERGE_GAIN - 1e-5
            still = still * (1 - theirs[j])
        assert match.strength == pytest.approx(1 - still.sum(), abs=1e-5)
        assert len(match.sources) == MERGE_LIMIT or (theirs @ still).max() < MERGE_GAIN + 1e-5


# The halves of a sentence change places: words taken for swapped turn out to be the other half's.
@example(
    "Rose the council of on rose said harbour on ferry it.",
    "Said harbour on ferry it rose the council of on rose.",
)
@settings(max_examples=150)
@given(texts, texts)
def test_what_runs_come_from_is_used_and_nothing_else(suspect, source):
    """A source word is used where it stands in a run's source, and the share used counts it."""
    alignment = aligned(suspect, source)

    words = alignment.pair.source.words
    used = {k for run in runs(alignment) for k in range(*run.source)}
    assert used <= set(range(len(words)))
    assert used == set(alignment.origin.tolist()) - {-1}
    assert alignment.used == pytest.approx(len(used) / len(words))


@settings(max_examples=150)
@given(texts, texts)
def test_coverage_and_degree_are_what_the_runs_say(suspect, source):
    """Coverage is the derived share of the suspect's words; without any, degree is nan."""
    alignment = aligned(suspect, source)

    derived = sum(
        run.suspect[1] - run.suspect[0]
        for run in runs(alignment)
        if run.kind in ("copied", "moved", "substituted")
    )
    assert alignment.coverage == pytest.approx(derived / len(alignment.pair.suspect.words))
    assert isnan(alignment.degree) == (derived == 0)
    assert isnan(alignment.degree) or 0 <= alignment.degree <= 1


def test_what_was_dropped_from_a_sentence_is_change():
    """A sentence that lost four of fifteen words was changed by as much, an excerpt not at all."""
    long = "The harbour board voted on Tuesday evening to close the old ferry landing at Wendle."
    short = "The harbour board voted to close the ferry landing at Wendle."
    before = "Engineers found deep cracks in two piers last month. "

    assert aligned(short, long).degree == pytest.approx(4 / 15)
    assert aligned(long, before + long).degree == 0


@given(texts)
def test_a_text_with_something_to_say_covers_itself(text):
    """A text aligned with itself is copied wherever its sentences hold a content word."""
    alignment = aligned(text, text)

    # Sentences of the same content words stand for each other, whatever stands between those.
    matched = [match.suspect for match in alignment.matches if match.suspect in match.sources]
    assert all(match.strength == pytest.approx(1.0) for match in alignment.matches)
    covered = [alignment.pair.suspect.sentence_words[k] for k in matched]
    assert (
        alignment.coverage
        >= sum(b - a for a, b in covered) / len(alignment.pair.suspect.words) - 1e-9
    )


@given(st.lists(st.integers(0, 6), max_size=8))
def test_in_order_keeps_as_much_as_any_choice_could(places):
    """No other run of places that never goes back is longer (tried one by one)."""
    kept = [place for place, keep in zip(places, in_order(places), strict=True) if keep]

    longest = next(
        n
        for n in range(len(places), -1, -1)
        if any(list(c) == sorted(c) for c in combinations(places, n))
    )
    assert kept == sorted(kept)
    assert len(kept) == longest


STORY = (
    "The harbour council voted on Tuesday to close the old swing bridge for the winter. "
    "Engineers had found cracks in two of its four main girders in August. "
    "Ferry crossings will double from November until the repair is finished. "
    "Residents of Saltmarsh Quay complained that nobody had asked them."
)


def test_swapped_words_are_substitutions():
    """A word replaced in an otherwise equal sentence is a substituted run of one word."""
    spun = STORY.replace("complained", "grumbled").replace("cracks", "fissures")

    alignment = aligned(spun, STORY)

    words = alignment.pair.suspect.words
    swapped = [words[slice(*r.suspect)] for r in runs(alignment) if r.kind == "substituted"]
    assert swapped == [("fissures",), ("grumbled",)]
    assert alignment.coverage == 1.0


def test_a_moved_sentence_is_moved_not_new():
    """A sentence taken to another place counts as derived."""
    first, second, third, fourth = (s + "." for s in STORY.rstrip(".").split(". "))

    alignment = aligned(" ".join([fourth, first, second, third]), STORY)

    assert {run.kind for run in runs(alignment)} == {"copied", "moved"}
    assert alignment.coverage == 1.0


def test_a_changed_inflection_is_a_changed_word():
    """A word with another ending aligns with its source word, as a substitution."""
    alignment = aligned(STORY.replace("Engineers", "Engineer"), STORY)

    changed = [run for run in runs(alignment) if run.kind == "substituted"]
    assert [run.suspect[1] - run.suspect[0] for run in changed] == [1]


def test_function_words_alone_are_no_debt():
    """Two texts that share only function words have no coverage."""
    alignment = aligned(
        "The violinist had been to the concert, and it was a joy for all of us.", STORY
    )

    assert alignment.coverage == 0.0


def test_a_joined_sentence_draws_on_both():
    """A sentence made of two has both as its sources."""
    joined = (
        "The harbour council voted on Tuesday to close the old swing bridge for the winter, since "
        "engineers had found cracks in two of its four main girders in August."
    )

    alignment = aligned(joined, STORY)

    assert set(alignment.matches[0].sources) == {0, 1}


@settings(deadline=None)
@given(texts, texts, texts)
def test_an_alignment_does_not_depend_on_what_was_aligned_before(suspect, source, before):
    """The same pair gives the same alignment in a fresh process and in an old one."""
    pair = Pair(*(segment(Article(id=name, text=name)) for name in (suspect, source)))
    detector.tokens._vocabulary = detector.tokens.Vocabulary()
    fresh = align(pair)
    detector.tokens._vocabulary = detector.tokens.Vocabulary()
    align(Pair(segment(Article(id="before", text=before)), pair.source))
    again = align(pair)

    # Field by field: from Python 3.13 on, a record that holds nan is not equal to itself.
    assert (again.matches, runs(again), again.coverage) == (
        fresh.matches,
        runs(fresh),
        fresh.coverage,
    )
    assert again.degree == pytest.approx(fresh.degree, abs=0, nan_ok=True)
