"""Promises of `detector.origins`: chains of copies lead to where they begin."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from detector.origins import origins, with_origins

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def row(suspect: str, source: str | None, **changes: object) -> dict[str, Any]:
    """Give a row of verdicts: one article an hour, in the order of their names."""

    def side(role: str, name: str | None) -> dict[str, object]:
        time = NOON + timedelta(hours=ord(name)) if name else None
        site = name and f"{name}.example"
        return {f"{role}_id": name, f"{role}_site": site, f"{role}_published": time}

    facts = {"relation": "copy" if source else None, "first": "source"}
    return {**side("suspect", suspect), **side("source", source), **facts, **changes}


def told(*rows: dict[str, Any]) -> dict[str, tuple[str | None, str | None]]:
    """Give each suspect's origin and its site."""
    return {r["suspect_id"]: (r["origin_id"], r["origin_site"]) for r in with_origins(rows)}


def test_a_chain_leads_to_the_earliest() -> None:
    """What was made from a copy comes from the copy's source, in whatever order they stand."""
    rows = [row("c", "b"), row("a", None), row("d", "c"), row("b", "a")]
    first = ("a", "a.example")

    assert told(*rows) == {"a": (None, None), "b": first, "c": first, "d": first}


def test_a_chain_ends_where_nothing_was_taken() -> None:
    """An independent report, nothing told, or a suspect that was first is no link."""
    for changes in ({"relation": "independent"}, {"relation": None}, {"first": "suspect"}):
        assert told(row("c", "b"), row("b", "a", **changes))["c"] == ("b", "b.example")


def test_a_source_that_is_stored_nowhere_is_an_origin() -> None:
    """The chain ends at a source that has no verdict of its own."""
    assert told(row("c", "b"))["c"] == ("b", "b.example")


def test_articles_of_one_time_have_one_origin() -> None:
    """Where times are equal or missing and each was held against the other, one is chosen."""
    for time in (NOON, None):
        same: dict[str, object] = {"suspect_published": time, "source_published": time}
        found = told(row("a", "b", **same), row("b", "a", **same), row("c", "b", **same))

        assert {origin for origin, _ in found.values()} == {"a"}


def test_a_chain_goes_on_through_earlier_runs() -> None:
    """Each source's verdict is asked for once, in as many steps as the chain has links."""
    stored = {"c": row("c", "b"), "b": row("b", "a"), "a": row("a", None), "x": row("x", "a")}
    asked: list[list[str]] = []

    def earlier(names: Collection[str]) -> list[dict[str, Any]]:
        asked.append(sorted(names))
        return [stored[name] for name in names if name in stored]

    rows = with_origins([row("e", "d"), row("d", "c"), row("f", "c"), row("g", "x")], earlier)

    assert {r["suspect_id"]: r["origin_id"] for r in rows} == dict.fromkeys("defg", "a")
    assert asked == [["c", "x"], ["a", "b"]]


ARTICLES = st.sampled_from("abcdefgh")


def slow_origin(article: str, source_of: dict[str, str]) -> str:
    """Walk on for longer than any chain; then either at rest, or on a ring to be walked once."""
    for _ in range(len(source_of) + 1):
        article = source_of.get(article, article)
    ring = [article]
    for _ in range(len(source_of)):
        ring.append(source_of.get(ring[-1], ring[-1]))
    return min(ring)


@given(st.dictionaries(ARTICLES, ARTICLES))
def test_every_chain_is_followed_to_its_end(source_of: dict[str, str]) -> None:
    """Chains, trees and rings give what walking each by itself gives."""
    expected = {article: slow_origin(article, source_of) for article in source_of}

    assert origins(source_of, str) == expected


@given(st.dictionaries(ARTICLES, ARTICLES), st.sets(ARTICLES))
def test_what_is_looked_up_is_what_one_run_over_all_tells(
    source_of: dict[str, str], later: set[str]
) -> None:
    """Split anywhere into what a run has and what was told before, chains end where they end."""
    rows = {suspect: row(suspect, source) for suspect, source in source_of.items()}
    whole = {r["suspect_id"]: r["origin_id"] for r in with_origins(rows.values())}
    own = [rows[name] for name in rows if name in later]
    split = with_origins(own, lambda names: [rows[name] for name in names if name in rows])

    assert {r["suspect_id"]: r["origin_id"] for r in split} == {
        n: whole[n] for n in rows if n in later
    }
