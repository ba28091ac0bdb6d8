"""Where chains of copies begin: what was taken from a copy comes from what the copy came from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from detector.rollup import TAKEN

_UNDATED = datetime.max.replace(tzinfo=UTC)


def with_origins(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Add to the verdicts of a run the article that each one's chain of copies begins with.

    Parameters
    ----------
    rows : of ``verdicts.parquet``, all of one run

    Returns
    -------
    list
        Each with ``origin_id`` and ``origin_site``: those of the source where the chain has one
        link, None where there is no source.
    """
    known = list(rows)
    sides = [(row, side) for row in known for side in ("suspect", "source")]
    sites = {row[f"{side}_id"]: row[f"{side}_site"] for row, side in sides}
    times = {row[f"{side}_id"]: row[f"{side}_published"] or _UNDATED for row, side in sides}
    made = [row for row in known if row["relation"] in TAKEN and row["first"] != "suspect"]
    source_of = {row["suspect_id"]: row["source_id"] for row in made}
    begin = origins(source_of, lambda article: (times[article], article))
    ends = [begin.get(row["source_id"], row["source_id"]) for row in known]
    return [
        {**row, "origin_id": end, "origin_site": sites[end]}
        for row, end in zip(known, ends, strict=True)
    ]


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
