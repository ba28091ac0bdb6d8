"""Promises of `detector.origins`: chains of copies lead to where they begin."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
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


@pytest.mark.parametrize("relation", ["copy", "automated_rewrite"])
def test_of_articles_that_may_each_be_the_original_none_is_called_it(relation: str) -> None:
    """Where times do not tell, a chain ends before them, whatever the articles are called."""
    untold: dict[str, object] = {"first": "unknown", "relation": relation}
    for one, other in ("ab", "ba"):
        found = told(row(one, other, **untold), row(other, one, **untold), row("c", one))

        assert {name: origin for name, (origin, _) in found.items()} == {
            one: other,
            other: one,
            "c": one,
        }


def test_a_forgotten_source_is_charged_to_its_own_site() -> None:
    """Of a source that was taken down the site is left, and it is no other row's origin."""
    gone: dict[str, object] = {"source_id": None, "source_published": None}
    rows = [row(name, site, **gone) for name, site in ("pa", "qb", "rc")]
    unknown = row("w", "d", **gone, source_site=None)
    asked: list[Collection[str]] = []

    def earlier(names: Collection[str]) -> list[dict[str, Any]]:
        asked.append(names)
        return []

    found = with_origins([*rows, unknown, row("v", "x")], earlier)

    assert [(r["origin_id"], r["origin_site"]) for r in found] == [
        (None, "a.example"),
        (None, "b.example"),
        (None, "c.example"),
        (None, None),
        ("x", "x.example"),
    ]
    assert asked == [{"x"}]


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
    """Walk on to what has no source, or comes back to itself."""

    def returns(start: str) -> bool:
        here = start
        for _ in source_of:
            here = source_of.get(here, here)
            if here == start:
                return True
        return False

    while not returns(article):
        article = source_of.get(article, article)
    return article


@given(st.dictionaries(ARTICLES, ARTICLES))
def test_every_chain_is_followed_to_its_end(source_of: dict[str, str]) -> None:
    """Chains, trees and rings give what walking each by itself gives."""
    expected = {article: slow_origin(article, source_of) for article in source_of}

    assert origins(source_of) == expected


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
