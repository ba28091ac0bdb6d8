"""Where chains of copies begin: what was taken from a copy comes from what the copy came from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias

from detector.rollup import TAKEN

Earlier: TypeAlias = Callable[[Collection[str]], Iterable[Mapping[str, Any]]]

_UNDATED = datetime.max.replace(tzinfo=UTC)


def nothing_earlier(_: Collection[str]) -> Iterable[Mapping[str, Any]]:
    """Know of no verdicts but those of the run."""
    return ()


def with_origins(
    rows: Iterable[Mapping[str, Any]], earlier: Earlier = nothing_earlier
) -> list[Mapping[str, Any]]:
    """Add to verdicts the article that each one's chain of copies begins with.

    Parameters
    ----------
    rows : of ``verdicts.parquet``, all of one run, or of one site
    earlier : gives the verdicts on articles that none of the rows is on

    Returns
    -------
    list
        Each with ``origin_id`` and ``origin_site``: those of the source where the chain has one
        link, None where there is no source.
    """
    known = list(rows)
    links = [*known, *_reached(known, earlier)]
    sides = [(row, side) for row in links for side in ("suspect", "source")]
    sites = {row[f"{side}_id"]: row[f"{side}_site"] for row, side in sides}
    times = {row[f"{side}_id"]: row[f"{side}_published"] or _UNDATED for row, side in sides}
    source_of = {row["suspect_id"]: row["source_id"] for row in links if _is_link(row)}
    begin = origins(source_of, lambda article: (times[article], article))
    ends = [begin.get(row["source_id"], row["source_id"]) for row in known]
    return [
        {**row, "origin_id": end, "origin_site": sites[end]}
        for row, end in zip(known, ends, strict=True)
    ]


def _is_link(row: Mapping[str, Any]) -> bool:
    """Tell whether a verdict's article was made from its source."""
    return row["relation"] in TAKEN and row["first"] != "suspect"


def _reached(known: Sequence[Mapping[str, Any]], earlier: Earlier) -> Iterator[Mapping[str, Any]]:
    """Give the verdicts on the sources, on their sources, and so on to where the chains begin."""
    asked = {row["suspect_id"] for row in known}
    links = list(known)
    while wanted := {row["source_id"] for row in links if _is_link(row)} - asked:
        asked |= wanted
        links = list(earlier(wanted))
        yield from links


def origins(source_of: Mapping[str, str], age: Callable[[str], Any]) -> dict[str, str]:
    """Follow each article's sources to the first of them.

    Where times are missing or equal, articles may be each other's sources; of such a ring the
    first by age is the origin, also its own.

    Parameters
    ----------
    source_of : article -> the one that it was made from
    age : what orders the articles of a ring, no two alike
    """
    found: dict[str, str] = {}
    for article in source_of:
        path: dict[str, None] = {}  # an ordered set
        here = article
        while here in source_of and here not in path and here not in found:
            path[here] = None
            here = source_of[here]
        if here in path:
            ring = list(path)[list(path).index(here) :]
            here = min(ring, key=age)
        found.update(dict.fromkeys(path, found.get(here, here)))
    return found
