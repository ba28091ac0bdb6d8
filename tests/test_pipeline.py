"""One article against its possible sources: which of them it is judged against."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from detector.classify import Model, Thresholds, load_model
from detector.pipeline import judge
from detector.records import RELATIONS, Alignment, Article, Opinion, Pair, Relation
from detector.segment import segment
from detector.sources import AS_GOOD, LEAST_COVERAGE, best_source

STORY = (
    "Harbour wardens in Saltmere counted 1,204 kittiwakes on the roof of the pier theatre on "
    "Tuesday. Councillor Oriel Banfield said the colony had doubled since the storm of 1987. "
    "The engineers will leave the scaffolding where it is until the chicks have fledged in July, "
    "she told a meeting in the old customs house, and the repainting can wait another summer."
)
OTHER = (
    "Brindle growers replanted fourteen thousand apple trees after the winter floods. A barrel of "
    "cider costs a third more than it did a year ago, and the press at Lower Wexholm stands idle "
    "for the first time since the war. Nobody expects a harvest worth the name before the autumn "
    "after next, said the chairwoman of the growers, whose own orchard lies beside the river."
)


def article(name: str, text: str = STORY, *, day: int | None = None, url: str = "") -> Article:
    """Make an article, published on a day of March or at no known time."""
    published = None if day is None else datetime(2026, 3, day, tzinfo=UTC)
    return Article(id=name, text=text, url=url, published=published)


def model(relation: Relation) -> Model:
    """Make a model that takes every pair for that relation."""
    certain = Opinion(
        tuple(float(r == relation) for r in RELATIONS), 0.0, (1.0, 0.0, 0.0), 0.0, 1.0
    )
    stub = SimpleNamespace(
        id="m-1",
        shift=load_model().shift,
        thresholds=Thresholds(flag=0.9, part=0.95, unfamiliar=0.99, alone=0.9),
        opinions=lambda matrix, wordings: [certain] * len(matrix),
        opinions_alone=lambda matrix, wordings: [0.25] * len(matrix),
    )
    return cast(Model, stub)


def told(suspect: Article, *sources: Article, relation: Relation = "copy") -> tuple[object, ...]:
    """Judge, and give the source's id, the relation and the reason for none."""
    verdict = judge(suspect, sources, model(relation))
    return verdict.source and verdict.source.id, verdict.relation, verdict.cannot_tell


def aligned(coverage: float, day: int | None = None) -> Alignment:
    """Make an alignment that covers so much of the suspect, with a source of that day."""
    pair = Pair(segment(article("suspect")), segment(article("source", day=day)))
    return Alignment(pair, (), np.array([], np.int8), np.array([], np.int64), coverage, 0.0)


@pytest.mark.parametrize(
    ("offered", "place"),
    [
        ([], None),
        ([(LEAST_COVERAGE - 0.01, 1)], None),
        ([(LEAST_COVERAGE, 1)], 0),
        ([(0.9, 2), (0.9 - AS_GOOD + 0.001, 1)], 1),
        ([(0.9, 2), (0.9 - AS_GOOD - 0.001, 1)], 0),
        ([(0.9, None), (0.9, 2)], 1),
        ([(0.9, 2), (0.9, 2)], 0),
    ],
)
def test_the_best_source_explains_most_and_was_first(
    offered: list[tuple[float, int | None]], place: int | None
) -> None:
    """Coverage decides; among nearly equal sources the earliest, an undated one last."""
    assert best_source([aligned(*source) for source in offered]) == place


def test_of_copies_in_a_folder_the_earliest_is_the_source() -> None:
    """Whichever order they are read in, the first published one is named."""
    copies = [article(f"n{day}", day=day) for day in (3, 1, 2)]

    assert told(article("suspect", day=9), *copies) == ("n1", "copy", None)


def test_what_came_later_or_is_the_page_itself_is_no_source() -> None:
    """A later article and another version of the same page are passed over."""
    suspect = article("suspect", day=5, url="https://a.example/1")
    later = article("later", day=6)
    version = article("version", day=4, url="https://a.example/1")
    part = article("part", STORY.partition(", she told")[0], day=4)

    assert told(suspect, later, version) == (None, None, "no_source")
    assert told(suspect, later, version, part) == ("part", "copy", None)


@pytest.mark.parametrize("text", [OTHER, "Too short."])
def test_a_poor_or_unfit_source_is_none(text: str) -> None:
    """What explains next to nothing, or cannot be judged, is not reported as a source."""
    assert told(article("suspect"), article("other", text)) == (None, None, "no_source")


def test_an_unrelated_source_is_none() -> None:
    """A pair judged unrelated leaves the suspect without a source, with the weaker score."""
    verdict = judge(article("suspect"), [article("other")], model("unrelated"))

    assert (verdict.source, verdict.cannot_tell, verdict.score) == (None, "no_source", 0.25)


def test_an_unfit_suspect_is_told_so() -> None:
    """What is wrong with the suspect is said, whatever it is held against."""
    assert told(article("suspect", "Too short."), article("other")) == (
        None,
        None,
        "fewer_than_40_words",
    )
