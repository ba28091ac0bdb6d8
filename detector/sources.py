"""Which of several aligned articles a suspect was made from: one, or more that were merged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from detector.records import NEW, Alignment, OtherRole, OtherSource

# Of sources that cover the suspect nearly alike the earliest counts: the others are copies of it
# or were made from it. Machine rewrites differ by less from copy to copy.
AS_GOOD = 0.05
# A candidate that explains less of the suspect is not reported as its source: shared topics alone
# reach this. Of 450 rewrites, excerpts and merged articles .985 cover more with their source; half
# of the mirror's articles as they are cover less with their best candidate.
LEAST_COVERAGE = 0.15
# Sources that a verdict names besides the first: as many as a crawl aligns.
MOST_OTHERS = 9


def best_source(aligned: Sequence[Alignment]) -> int | None:
    """Choose the alignment that explains most of the suspect, as its place; None if all are poor.

    Among nearly equal ones the earliest source wins, among those the first in the sequence.
    """
    return _best(aligned, {i: alignment.coverage for i, alignment in enumerate(aligned)})


def other_sources(aligned: Sequence[Alignment], best: int) -> tuple[OtherSource, ...]:
    """Rank what the suspect may come from besides its best source.

    Parameters
    ----------
    aligned : the suspect with each of its possible sources
    best : the place of the one that was chosen

    Returns
    -------
    tuple
        First the further sources: each explains words of the suspect that none before it does, as
        much of them as a source must. Then the runners-up, by coverage: each could be the source,
        and explains nothing new. What explains too little for a source is neither.
    """
    explained = {i: _explained(a) for i, a in enumerate(aligned) if a.coverage >= LEAST_COVERAGE}
    seen = explained.pop(best, _explained(aligned[best]))
    found: list[OtherSource] = []
    while (place := _best(aligned, _gains(explained, seen))) is not None:
        seen = seen | explained.pop(place)
        found.append(_other(aligned[place], further=True))
    left = sorted(explained, key=lambda i: -aligned[i].coverage)
    return (*found, *(_other(aligned[i], further=False) for i in left))[:MOST_OTHERS]


def _best(aligned: Sequence[Alignment], gains: Mapping[int, float]) -> int | None:
    """Choose the place with the greatest gain, the earliest source among nearly equal ones."""
    most = max(gains.values(), default=0.0)
    if most < LEAST_COVERAGE:
        return None
    close = [place for place, gain in gains.items() if gain >= most - AS_GOOD]
    return min(close, key=lambda place: _time(aligned[place]))


def _gains(explained: Mapping[int, NDArray[np.bool_]], seen: NDArray[np.bool_]) -> dict[int, float]:
    """Say which share of the suspect's words each explains that nothing seen does."""
    return {place: float((words & ~seen).mean()) for place, words in explained.items()}


def _explained(alignment: Alignment) -> NDArray[np.bool_]:
    """Mark the suspect's words that derive from the source."""
    words: NDArray[np.bool_] = alignment.kind != NEW
    return words


def _other(alignment: Alignment, *, further: bool) -> OtherSource:
    article = alignment.pair.source.article
    role: OtherRole = "further" if further else "runner_up"
    return OtherSource(role, article.id, article.url, article.site, alignment.coverage)


def _time(alignment: Alignment) -> datetime:
    return alignment.pair.source.article.published or datetime.max.replace(tzinfo=UTC)
