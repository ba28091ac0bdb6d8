"""Where chains of copies begin: what was taken from a copy comes from what the copy came from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from detector.rollup import was_taken

Earlier: TypeAlias = Callable[[Collection[str]], Iterable[Mapping[str, Any]]]


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
        link, None where there is no source. Of a source that was forgotten the site alone is known.
    """
    known = list(rows)
    links = [*known, *_reached(known, earlier)]
    sides = [(row, side) for row in links for side in ("suspect", "source")]
    sites = {row[f"{side}_id"]: row[f"{side}_site"] for row, side in sides}
    source_of = {row["suspect_id"]: row["source_id"] for row in links if _is_link(row)}
    begin = origins(source_of)
    ends = [begin.get(row["source_id"], row["source_id"]) for row in known]
    return [
        {**row, "origin_id": end, "origin_site": row["source_site"] if end is None else sites[end]}
        for row, end in zip(known, ends, strict=True)
    ]


def _is_link(row: Mapping[str, Any]) -> bool:
    """Tell whether a chain goes on: by what was taken from an article that is still known."""
    return row["source_id"] is not None and was_taken(row)


def _reached(known: Sequence[Mapping[str, Any]], earlier: Earlier) -> Iterator[Mapping[str, Any]]:
    """Give the verdicts on the sources, on their sources, and so on to where the chains begin."""
    asked = {row["suspect_id"] for row in known}
    links = list(known)
    while wanted := {row["source_id"] for row in links if _is_link(row)} - asked:
        asked |= wanted
        links = list(earlier(wanted))
        yield from links


def origins(source_of: Mapping[str, str]) -> dict[str, str]:
    """Follow each article's sources to the first of them.

    Where times do not tell, articles may be each other's sources. No article of such a ring is its
    first: a chain ends where it comes upon the ring, and each article of it is its own origin.

    Parameters
    ----------
    source_of : article -> the one that it was made from
    """
    found: dict[str, str] = {}
    for article in source_of:
        path: dict[str, None] = {}  # an ordered set
        here = article
        while here in source_of and here not in path and here not in found:
            path[here] = None
            here = source_of[here]
        end = found.get(here, here)
        if here in path:
            ring = list(path)[list(path).index(here) :]
            found.update(zip(ring, ring, strict=True))
        found.update({article: end for article in path if article not in found})
    return found
