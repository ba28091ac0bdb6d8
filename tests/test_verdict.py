from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import isnan, nan
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import detector
from detector.classify import Model, Thresholds
from detector.evidence import speaks_against
from detector.records import (
    FAMILIES,
    RELATIONS,
    Alignment,
    Article,
    Evidence,
    Opinion,
    Pair,
    Segments,
)
from detector.verdict import (
    EITHER_FIRST,
    MACHINE,
    NO_SOURCE,
    OTHER_NUMBERS,
    SUSPECT_FIRST,
    UNCERTAIN,
    UNFAMILIAR,
    cannot_tell,
    counting,
    decide,
    first_of,
    flagged,
    judge_opinion,
    no_source,
)

NONE = (0, 0)  # numbers that the suspect tells, and that the source has of them
LIMITS = Thresholds(flag=0.9, part=0.95, unfamiliar=0.99, alone=0.8)
MODEL = cast(Model, SimpleNamespace(id="test-1", thresholds=LIMITS))
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
WHY = (Evidence("kept_order", "The sentences stand in the same order."),)


def opinion(
    score: float, *, honest: int = 4, unfamiliarity: float = 0.5, direction: float | None = 1.0
) -> Opinion:
    """Give all that is left of the score to one honest relation."""
    relations = [0.0] * len(RELATIONS)
    relations[honest], relations[-1] = 1 - score, score
    return Opinion(tuple(relations), score, (0.2, 0.7, 0.1), unfamiliarity, direction)


def article(name: str, published: datetime | None = None) -> Article:
    """Name an article."""
    return Article(id=name, text="Boats came home early.", published=published)


def alignment(suspect: Article, source: Article, coverage: float = 0.8) -> Alignment:
    """Align two articles in figures only."""

    def segments(of: Article) -> Segments:
        return Segments(of, (), (), (), (), (), ())

    kind, origin = np.array([], np.int8), np.array([], np.int64)
    return Alignment(Pair(segments(suspect), segments(source)), (), kind, origin, coverage, 0.4)


def decided(of: Opinion, *, coverage: float = 0.8, **times: datetime | None) -> Any:
    """Decide on a pair with this opinion."""
    ours = article("suspect", times.get("suspect"))
    theirs = article("source", times.get("source"))
    return decide(alignment(ours, theirs, coverage), of, WHY, id="case 1", model=MODEL)


def test_a_high_score_is_an_accusation_with_its_family() -> None:
    """Above the threshold the relation is automated_rewrite, with family, degree and evidence."""
    verdict = decided(opinion(0.95))

    assert verdict.relation == MACHINE
    assert verdict.family == "round_trip_translation"
    assert (verdict.score, verdict.coverage, verdict.degree) == (0.95, 0.8, 0.4)
    assert verdict.cannot_tell is None
    assert verdict.evidence[1:] == WHY
    assert verdict.evidence[0].kind == "looks_derived"
    assert (verdict.id, verdict.model, verdict.version) == (
        "case 1",
        "test-1",
        detector.__version__,
    )
    assert flagged(verdict)


def test_leaning_to_an_accusation_is_not_making_one() -> None:
    """Below the threshold, but machine likelier than anything else: nothing is told."""
    verdict = decided(opinion(0.7))

    assert verdict.relation is None
    assert verdict.family is None
    assert verdict.cannot_tell == UNCERTAIN
    assert not flagged(verdict)


@pytest.mark.parametrize("honest", range(len(RELATIONS) - 1))
def test_a_low_score_is_the_likeliest_honest_relation(honest: int) -> None:
    """Each honest relation is told when it is the likeliest."""
    assert judge_opinion(opinion(0.2, honest=honest), 0.5, 1.0, NONE, LIMITS) == (
        RELATIONS[honest],
        None,
    )


def test_an_unfamiliar_pair_is_not_judged() -> None:
    """Beyond what training holds nothing is told, whatever the score."""
    assert judge_opinion(opinion(0.99, unfamiliarity=1.0), 0.5, 1.0, NONE, LIMITS) == (
        None,
        UNFAMILIAR,
    )
    assert judge_opinion(opinion(0.01, unfamiliarity=1.0), 0.5, 1.0, NONE, LIMITS) == (
        None,
        UNFAMILIAR,
    )


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ((5, 2), (None, OTHER_NUMBERS)),
        ((40, 19), (None, OTHER_NUMBERS)),
        ((40, 20), (MACHINE, None)),
        ((4, 0), (MACHINE, None)),
        (NONE, (MACHINE, None)),
    ],
)
def test_a_rewrite_tells_the_sources_numbers(
    numbers: tuple[int, int], expected: tuple[str | None, str | None]
) -> None:
    """Where a suspect tells five numbers and more, and most are others, it is not accused."""
    assert judge_opinion(opinion(0.99), 0.5, 1.0, numbers, LIMITS) == expected
    assert judge_opinion(opinion(0.2, honest=1), 0.5, 1.0, numbers, LIMITS) == (RELATIONS[1], None)


def test_nothing_shared_is_never_an_accusation() -> None:
    """With no word derived from the source a high score tells nothing, a low one unrelated."""
    assert judge_opinion(opinion(0.99), 0.0, 1.0, NONE, LIMITS) == (None, UNCERTAIN)
    assert judge_opinion(opinion(0.01, honest=4), 0.0, 1.0, NONE, LIMITS) == ("unrelated", None)


@given(st.floats(0, 1), st.integers(0, 4), st.floats(0, 1), st.floats(0, 1), st.floats(0.5, 1))
def test_a_verdict_is_a_relation_or_a_reason(
    score: float, honest: int, unfamiliarity: float, coverage: float, flag: float
) -> None:
    """Exactly one is given, and an accusation only at or above the threshold."""
    of = opinion(score, honest=honest, unfamiliarity=unfamiliarity)
    relation, doubt = judge_opinion(of, coverage, 1.0, NONE, replace(LIMITS, flag=flag))

    assert (relation is None) != (doubt is None)
    assert relation != MACHINE or (score >= flag and coverage > 0)


def test_a_suspect_published_first_is_not_accused() -> None:
    """What was published before the source cannot have been made from it."""
    verdict = decided(opinion(0.95), suspect=NOON, source=NOON + timedelta(hours=1))

    assert verdict.relation is None
    assert verdict.cannot_tell == SUSPECT_FIRST
    assert verdict.first == "suspect"


@pytest.mark.parametrize(
    ("suspect", "source", "first"),
    [
        (NOON, NOON - timedelta(minutes=1), "source"),
        (NOON, NOON + timedelta(minutes=1), "suspect"),
        (NOON, NOON, "unknown"),
        (None, NOON, "unknown"),
        (NOON, None, "unknown"),
    ],
)
def test_first_is_who_was_published_first(
    suspect: datetime | None, source: datetime | None, first: str
) -> None:
    """Publication times decide; a missing or equal one decides nothing."""
    assert first_of(article("a", suspect), article("b", source)) == first


EARLY = NOON - timedelta(hours=1)
THAT_DAY = NOON.replace(hour=0)


@pytest.mark.parametrize(("ours", "theirs"), [(NOON, THAT_DAY), (THAT_DAY, NOON)])
@pytest.mark.parametrize(("direction", "doubt"), [(1.0, None), (-1.0, EITHER_FIRST)])
def test_a_day_without_a_time_accuses_nobody_of_that_day(
    ours: datetime, theirs: datetime, direction: float, doubt: str | None
) -> None:
    """A copy dated by its day alone was not there before the original: the texts decide."""
    verdict = decided(opinion(0.95, direction=direction), suspect=ours, source=theirs)

    assert verdict.first == "unknown"
    assert verdict.cannot_tell == doubt


@pytest.mark.parametrize(
    ("ours", "theirs", "first"),
    [
        ((NOON, EARLY), (EARLY, NOON), "source"),  # published earlier, seen later
        ((EARLY, NOON), (NOON, EARLY), "suspect"),  # seen earlier, published later
        ((NOON, NOON), (NOON, EARLY), "source"),
        ((NOON, EARLY), (NOON, NOON), "suspect"),
        ((None, NOON), (None, EARLY), "source"),
        ((None, NOON), (NOON, EARLY), "source"),
        ((NOON, EARLY), (None, NOON), "suspect"),
        ((None, NOON), (None, NOON), "unknown"),
        ((NOON, None), (NOON, EARLY), "unknown"),
        ((None, None), (None, None), "unknown"),
        ((NOON, None), (None, EARLY), "unknown"),  # two times that cannot be compared
    ],
)
def test_where_publication_does_not_tell_it_is_who_was_seen_first(
    ours: tuple[datetime | None, datetime | None],
    theirs: tuple[datetime | None, datetime | None],
    first: str,
) -> None:
    """Published times beat fetched ones; a time is only held against one of its own kind."""
    suspect, source = (
        replace(article("a", published), fetched=fetched) for published, fetched in (ours, theirs)
    )

    assert first_of(suspect, source) == first


@pytest.mark.parametrize(
    ("source_seen", "direction", "doubt", "kind"),
    [
        (EARLY, 1.0, None, "looks_derived"),
        (EARLY, -1.0, EITHER_FIRST, "looks_original"),
        (NOON + timedelta(hours=1), 1.0, SUSPECT_FIRST, "looks_derived"),
        (None, 1.0, None, "looks_derived"),
        (None, -1.0, EITHER_FIRST, "looks_original"),
    ],
)
def test_times_of_fetching_accuse_only_where_the_texts_agree(
    source_seen: datetime | None, direction: float, doubt: str | None, kind: str
) -> None:
    """A crawler's order may be chance: it can clear a suspect, and convicts none by itself."""
    ours = replace(article("suspect"), fetched=NOON)
    theirs = replace(article("source"), fetched=source_seen)
    of = opinion(0.95, direction=direction)
    verdict = decide(alignment(ours, theirs), of, WHY, id="case", model=MODEL)

    assert verdict.cannot_tell == doubt
    assert verdict.evidence[0].kind == kind
    assert speaks_against(verdict.evidence[0]) == (direction < 0)


def test_where_publication_tells_the_texts_are_not_asked() -> None:
    """With both times known nothing is said of what the texts suggest."""
    verdict = decided(opinion(0.95, direction=-1.0), source=EARLY, suspect=NOON)

    assert verdict.evidence == WHY
    assert flagged(verdict)


def test_swapping_the_sides_of_a_dated_pair_never_accuses_both() -> None:
    """With both times known, at most one direction can be an accusation."""
    later, earlier = NOON, NOON - timedelta(days=1)
    there = decided(opinion(0.99), suspect=later, source=earlier)
    back = decided(opinion(0.99), suspect=earlier, source=later)

    assert [flagged(there), flagged(back)] == [True, False]


def test_without_times_only_what_looks_like_the_copy_is_accused() -> None:
    """Where it is unknown who was first, the side that looks like the original is never accused."""
    original = opinion(0.95, direction=-0.5)

    assert decided(original).cannot_tell == EITHER_FIRST
    assert not flagged(decided(original))
    assert decided(opinion(0.95, direction=None)).cannot_tell == EITHER_FIRST
    assert flagged(decided(original, source=NOON, suspect=NOON + timedelta(hours=1)))


def test_no_source_is_a_score_without_a_relation() -> None:
    """Without a source the score of the suspect alone is given, and nothing is accused."""
    verdict = no_source(article("a"), 0.97, id="a", model=MODEL)

    assert (verdict.relation, verdict.cannot_tell, verdict.score) == (None, NO_SOURCE, 0.97)
    assert verdict.source is None
    assert isnan(verdict.coverage)
    assert not flagged(verdict)


def test_an_unfit_article_has_its_reason_and_no_score() -> None:
    """A verdict on an article that cannot be judged carries the reason it was given."""
    verdict = cannot_tell(article("a"), article("b"), "not_english", id="a", model=MODEL)

    assert verdict.cannot_tell == "not_english"
    assert isnan(verdict.score)
    assert verdict.source is not None


def test_every_family_can_be_named() -> None:
    """The likeliest family is named, in the records' order."""
    for i, family in enumerate(FAMILIES):
        of = replace(opinion(0.95), families=tuple(float(i == j) for j in range(len(FAMILIES))))

        assert decided(of).family == family


def test_coverage_that_is_not_a_number_accuses_nobody() -> None:
    """Nan coverage is no ground for an accusation."""
    assert judge_opinion(opinion(0.99), nan, 1.0, NONE, LIMITS)[0] is None


@pytest.mark.parametrize(
    ("whole", "part", "counts"),
    [
        (0.3, 0.96, 0.96),  # the part accuses, the whole does not
        (0.3, 0.94, 0.3),  # the part would, were it all of the suspect
        (0.92, 0.99, 0.92),  # the whole accuses by itself
        (0.3, None, 0.3),
    ],
)
def test_a_part_counts_where_it_accuses_and_the_whole_does_not(
    whole: float, part: float | None, counts: float
) -> None:
    """A part has a threshold of its own; what it says short of that is not heard."""
    heard = counting(opinion(whole), None if part is None else opinion(part), LIMITS)

    assert heard.score == counts
