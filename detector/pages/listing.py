"""Tables that the page's script fills: compact columns, and how each becomes a cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Any

from markupsafe import Markup

from detector.pages import wording
from detector.pages.crawl_rows import Row, site_of
from detector.pages.rendering import data, shown
from detector.phrases import SHORT_RELATION_WORDS, reason_in_words
from detector.records import RELATIONS
from detector.rollup import MACHINE, SITE_LABELS, SiteVerdict

# Bytes that all titles of one table may take together, so that an index of 20,000 articles stays
# well under 3 MB; the numbers of so many take 0.9 MB.
TITLE_BYTES = 1_500_000
LONGEST_TITLE = 140  # characters, however few there are

Told = list[tuple[str, str]]
RELATION_NAMES: Told = [
    *((SHORT_RELATION_WORDS[r], wording.TONES[r]) for r in RELATIONS),
    ("cannot tell", ""),
    ("no source found", "good"),
    (wording.WHICH_FIRST, ""),
]
LABEL_NAMES: Told = [(wording.LABEL_WORDS[label], wording.TONES[label]) for label in SITE_LABELS]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its values' key, its head, and the kind of its cells."""

    name: str
    head: str
    kind: str  # text, count, percent, time, named, tag, interval, link
    list: str = ""  # for named, tag and some links: the list that values point into
    page: str = ""  # for links: the column of page names
    folder: str = ""  # for links: where the pages are

    @property
    def plain(self) -> dict[str, str]:
        """Give the column for the script."""
        return {
            name: getattr(self, name)
            for name in ("name", "head", "kind", "list", "page", "folder")
            if getattr(self, name)
        }

    @property
    def right(self) -> bool:
        """Whether its cells stand on the right."""
        return self.kind in ("count", "percent", "interval")


@dataclass(frozen=True)
class Listing:
    """A table's columns and its data, as the script reads them."""

    id: str
    columns: Sequence[Column]
    data: Markup
    rows: int


def listing(
    id: str,  # noqa: A002 - the element's own word
    columns: Sequence[Column],
    values: Mapping[str, Sequence[Any]],
    **lists: Sequence[Any],
) -> Listing:
    """Put a table's data into one block of JSON."""
    block = {"shown": [c.plain for c in columns], "columns": values, **lists}
    return Listing(id, columns, data(block), len(values[columns[0].name]))


# ---------------------------------------------------------------- articles


def articles(
    rows: Sequence[Row], pages: Mapping[str, str], sites: Mapping[str, str], *, up: str = ""
) -> Listing:
    """List articles with their verdicts.

    Parameters
    ----------
    pages : names of pair pages by verdict id
    sites : names of site pages by site
    up : way from the page to the report's folder
    """
    names = sorted({site_of(row) for row in rows} | {row["source_site"] or "" for row in rows})
    place = {name: i for i, name in enumerate(names)}
    cut = _cutter(len(rows))
    values: dict[str, list[Any]] = {
        "told": [told(row) for row in rows],
        "score": [_hundredths(row["score"]) for row in rows],
        "title": [cut(row["suspect_title"] or "(no title)") for row in rows],
        "page": [pages.get(row["id"]) for row in rows],
        "site": [place[site_of(row)] for row in rows],
        "source": [place[row["source_site"] or ""] for row in rows],
        "coverage": [_hundredths(row["coverage"]) for row in rows],
        "published": [_minutes(row["suspect_published"]) for row in rows],
    }
    columns = [
        Column("told", "verdict", "tag", list="relations"),
        Column("score", "score", "percent"),
        Column("title", "article", "link", page="page", folder=f"{up}pairs/"),
        Column("site", "site", "named", list="sites"),
        Column("source", "taken from", "named", list="sites"),
        Column("coverage", "coverage", "percent"),
        Column("published", "published (UTC)", "time"),
    ]
    return listing("articles", columns, values, relations=RELATION_NAMES, sites=_shown(names))


def told(row: Row) -> int:
    """Give what was told of an article, as a place in RELATION_NAMES."""
    return RELATION_NAMES.index(wording.told(row["relation"], row["cannot_tell"]))


def _cutter(rows: int) -> Callable[[str], str]:
    """Cut titles so that all of them together keep to their bytes."""
    room = max(24, TITLE_BYTES // max(rows, 1) - 3)  # two quotation marks and a comma

    def cut(title: str) -> str:
        flat = " ".join(shown(title).split())
        short = flat if len(flat) <= LONGEST_TITLE else flat[: LONGEST_TITLE - 1] + "…"
        coded = short.encode("utf-8", errors="replace")
        if len(coded) <= room:
            return short
        return coded[: room - 3].decode("utf-8", errors="ignore") + "…"

    return cut


def _shown(names: Sequence[str]) -> list[str]:
    return [shown(name) for name in names]


def _hundredths(share: float | None) -> int | None:
    return None if share is None or not isfinite(share) else round(100 * share)


def _minutes(time: datetime | None) -> int | None:
    return round(time.timestamp() / 60) if time else None


# ---------------------------------------------------------------- sites and the rejected


def sites(judged: Sequence[SiteVerdict], pages: Mapping[str, str]) -> Listing:
    """List sites with their labels and shares."""
    values: dict[str, list[Any]] = {
        "label": [SITE_LABELS.index(s.label) for s in judged],
        "site": [shown(s.site) for s in judged],
        "page": [pages.get(s.site) for s in judged],
        "articles": [s.articles for s in judged],
        "machine": [_interval(s) for s in judged],
        "taken": [sum(source.articles for source in s.sources) for s in judged],
        "credited": [s.credited for s in judged],
        "sources": [len(s.sources) for s in judged],
        "lag": [_median_lag(s) for s in judged],
    }
    columns = [
        Column("label", "site verdict", "tag", list="labels"),
        Column("site", "site", "link", page="page", folder="sites/"),
        Column("articles", "articles", "count"),
        Column("machine", "by machine (95 % interval)", "interval"),
        Column("taken", "taken from others", "count"),
        Column("credited", "naming the source", "count"),
        Column("sources", "from sites", "count"),
        Column("lag", "median lag (h)", "count"),
    ]
    return listing("sites", columns, values, labels=LABEL_NAMES)


def _interval(site: SiteVerdict) -> list[int] | None:
    share = next(s for s in site.shares if s.relation == MACHINE)
    if not isfinite(share.estimate):
        return None
    return [round(100 * v) for v in (share.estimate, share.low, share.high)]


def _median_lag(site: SiteVerdict) -> float | None:
    return round(site.lags[len(site.lags) // 2], 1) if site.lags else None


def rejected(rows: Sequence[Row]) -> Listing:
    """List inputs that could not be judged, with the reasons."""
    reasons = sorted({row["reason"] for row in rows})
    cut = _cutter(max(len(rows), 1) * 6)
    values: dict[str, list[Any]] = {
        "reason": [reasons.index(row["reason"]) for row in rows],
        "input": [cut(row["input"] or "") for row in rows],
        "position": [cut(row["position"] or "") for row in rows],
        "detail": [cut(row["detail"] or "") for row in rows],
    }
    columns = [
        Column("reason", "reason", "named", list="reasons"),
        Column("input", "input", "text"),
        Column("position", "where", "text"),
        Column("detail", "detail", "text"),
    ]
    spoken = [reason_in_words(reason) for reason in reasons]
    return listing("rejected", columns, values, reasons=spoken)
