"""Promises of `detector.sources`: which articles a suspect was made from."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from detector.records import COPIED, NEW, Alignment, Article, Pair, Segments
from detector.sources import AS_GOOD, LEAST_COVERAGE, best_source, other_sources

WORDS = 40


def aligned(name: str, *words: int, day: int = 1) -> Alignment:
    """Make an alignment in which these of the suspect's forty words derive from the source."""
    time = datetime(2026, 3, day, tzinfo=UTC)

    def segments(of: Article) -> Segments:
        return Segments(of, (), (), ("word",) * WORDS, (), (), ())

    suspect = segments(Article("suspect", "text"))
    source = segments(Article(name, "text", url=f"https://{name}.example/", published=time))
    derived = np.isin(np.arange(WORDS), words)
    kind = np.where(derived, COPIED, NEW).astype(np.int8)
    origin = np.where(derived, np.arange(WORDS), -1)
    return Alignment(Pair(suspect, source), (), kind, origin, derived.mean(), 0.0)


def told(*found: Alignment) -> list[tuple[str, str, float]]:
    """Give role, id and coverage of the source and of the others."""
    best = best_source(found)
    assert best is not None
    source = found[best]
    others = [(o.role, o.id, o.coverage) for o in other_sources(found, best)]
    return [("source", source.pair.source.article.id, source.coverage), *others]


def test_a_merged_article_has_all_its_sources() -> None:
    """Each that explains words of its own is a source, whichever explains most first."""
    thirds = (aligned("a", *range(6)), aligned("b", *range(6, 30)), aligned("c", *range(28, 40)))

    assert told(*thirds) == [
        ("source", "b", 0.6),
        ("further", "c", 0.3),
        ("further", "a", 0.15),
    ]


def test_copies_of_the_source_are_runners_up() -> None:
    """What explains the same words again is kept, unless it is too few for any source."""
    found = (
        aligned("late", *range(20), day=3),
        aligned("early", *range(20)),
        aligned("b", *range(6)),
        aligned("c", 1),
    )

    assert told(*found) == [
        ("source", "early", 0.5),
        ("runner_up", "late", 0.5),
        ("runner_up", "b", 0.15),
    ]


def test_of_copies_of_a_further_source_the_earliest_counts() -> None:
    """The second half's source is chosen as the first's is."""
    first, late, early = (
        aligned("a", *range(25)),
        aligned("late", *range(25, 40), day=3),
        aligned("early", *range(25, 39), day=2),
    )

    assert [(role, name) for role, name, _ in told(first, late, early)] == [
        ("source", "a"),
        ("further", "early"),
        ("runner_up", "late"),
    ]


@given(st.lists(st.sets(st.integers(0, WORDS - 1)), min_size=1, max_size=6))
def test_further_sources_each_explain_enough_that_is_new(sets: list[set[int]]) -> None:
    """In their order each adds about what a source must explain at least; no runner-up would."""
    found = [aligned(str(i), *words) for i, words in enumerate(sets)]
    best = best_source(found)
    if best is None:
        return
    seen = set(sets[best])
    for other in other_sources(found, best):
        new = sets[int(other.id)] - seen
        if other.role == "further":
            assert len(new) / WORDS >= LEAST_COVERAGE - AS_GOOD
        else:
            assert len(new) / WORDS < LEAST_COVERAGE
        seen |= new if other.role == "further" else set()
