"""The page of one site: what it publishes, whom it takes from, how fast, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite

from markupsafe import Markup

from detector.evidence import most_telling
from detector.mixture import Share
from detector.pages import charts, listing, wording
from detector.pages.crawl_rows import Row
from detector.pages.rendering import render, shown
from detector.phrases import FAMILY_WORDS
from detector.records import RELATIONS
from detector.rollup import SiteVerdict

# Hours; the ends of the lag chart's columns.
LAGS = (
    (0.25, "15 min"),
    (1, "1 h"),
    (3, "3 h"),
    (6, "6 h"),
    (12, "12 h"),
    (24, "1 day"),
    (72, "3 days"),
    (168, "1 week"),
    (float("inf"), "longer"),
)
EXAMPLES = 5


def site_page(site: SiteVerdict, rows: Sequence[Row], pages: Mapping[str, str]) -> str:
    """Write a site's page.

    Parameters
    ----------
    rows : the site's verdicts, what says most first
    pages : names of pair pages by verdict id
    """
    table = listing.articles(rows, pages, {}, up="../")
    return render(
        "site.html",
        script="crawl.js",
        title=shown(f"{site.site}: {wording.LABEL_WORDS[site.label]}"),
        site=site,
        label=wording.LABEL_WORDS[site.label],
        tone=wording.TONES[site.label],
        reason=wording.site_reason(site),
        shares=_shares(site),
        shares_chart=_shares_chart(site),
        relation_words=wording.SITE_RELATION_WORDS,
        families=[(FAMILY_WORDS[family], count) for family, count in site.families],
        lag_chart=_lag_chart(site.lags),
        lag_words=wording.lags(site.lags),
        hours_chart=_hours_chart(site),
        examples=[row for row in rows if row["id"] in pages][:EXAMPLES],
        strongest=_strongest,
        told=lambda row: wording.told(row["relation"], row["cannot_tell"])[0],
        pages=pages,
        table_data=table,
        relation_names=listing.RELATION_NAMES,
        caution=wording.CAUTION,
    )


def _shares(site: SiteVerdict) -> list[Share]:
    """Give the shares, the gravest relation first."""
    return sorted(site.shares, key=lambda s: -RELATIONS.index(s.relation))


def _shares_chart(site: SiteVerdict) -> Markup:
    bars = [
        charts.Bar(
            wording.SITE_RELATION_WORDS[s.relation],
            s.estimate,
            f"{wording.percent(s.estimate)} ({100 * s.low:.0f}–{100 * s.high:.0f})",
            s.low,
            s.high,
        )
        for s in _shares(site)
        if isfinite(s.estimate)
    ]
    if not bars:
        return Markup()
    said = "; ".join(f"{bar.label} {bar.text}" for bar in bars)
    return charts.bars(bars, f"Share of articles by relation, with 95 % intervals: {said}")


def _strongest(row: Row) -> str:
    found = [(item["kind"], item["text"]) for item in row["evidence"] or ()]
    return shown(most_telling(row["relation"], found))


def _lag_chart(lags: Sequence[float]) -> Markup:
    counts = [0] * len(LAGS)
    for lag in lags:
        counts[next(i for i, (end, _) in enumerate(LAGS) if lag <= end)] += 1
    labels = [f"≤ {label}" if isfinite(end) else label for end, label in LAGS]
    said = ", ".join(f"{label}: {n}" for label, n in zip(labels, counts, strict=True) if n)
    return charts.columns(counts, labels, f"Time from source to copy, in articles. {said}")


def _hours_chart(site: SiteVerdict) -> Markup:
    hours = site.cadence.hours
    labels = [f"{hour:02d}" for hour in range(24)]
    peak = max(range(24), key=lambda hour: hours[hour])
    name = f"Articles by hour of the day, UTC; most at {labels[peak]}: {hours[peak]}"
    return charts.columns(hours, labels, name)
