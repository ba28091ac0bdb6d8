"""The words and number formats of the pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from math import isfinite

from detector.phrases import OF_EITHER, SHORT_RELATION_WORDS, reason_in_words
from detector.records import Relation
from detector.rollup import SiteLabel, SiteVerdict
from detector.verdict import NO_SOURCE

NONE = "–"  # what cannot be measured
# Said of both articles of a pair, where a machine seems to have made one from the other.
WHICH_FIRST = "cannot tell which was first"
CAUTION = "A score is grounds to look, not proof."

LABEL_WORDS: Mapping[SiteLabel, str] = {
    "original": "original",
    "aggregator": "aggregator",
    "copier": "copier",
    "content_farm": "content farm",
    "cannot_tell": "cannot tell",
}
TONES: Mapping[str, str] = {
    "content_farm": "bad",
    "copier": "doubt",
    "aggregator": "",
    "original": "good",
    "cannot_tell": "",
    "automated_rewrite": "bad",
    "human_rewrite": "doubt",
    "copy": "doubt",
    "excerpt": "",
    "independent": "good",
    "unrelated": "good",
}
SITE_REASONS: Mapping[str, str] = {
    "machine_rewrites_uncredited": "A material share of its articles are rewritten by machine from "
    "other sites' articles, without naming them.",
    "machine_rewrites_within_error": "Some of its articles look rewritten by machine, but the "
    "classifier's own errors could explain them.",
    "machine_rewrites_in_doubt": "Many of its articles may be rewritten by machine, but of most of "
    "those nothing could be told.",
    "taken_in_doubt": "Much of it may be taken from other sites, but of most of that nothing could "
    "be told.",
    "machine_rewrites_credited": "Many of its articles look rewritten by machine, but they name "
    "their sources or are licensed.",
    "mostly_taken_and_credited": "Most of its articles are taken from other sites, and name them "
    "or are licensed.",
    "mostly_taken_uncredited": "Most of its articles are taken from other sites without naming "
    "them, but not rewritten by machine.",
    "credited_now_and_then": "Most of its articles are taken from other sites; too many name "
    "their source to call it a copier, too few to call it an aggregator.",
    "mostly_own_articles": "For most of its articles no earlier source was found.",
    "order_unknown": "For too many of its articles it is not known which was first, they or what "
    "they are like: times are missing, the same, or known to the day only.",
    "no_kind_prevails": "No kind of article clearly prevails.",
    "fewer_than_10_articles": "Fewer than ten articles were judged: too few to say anything.",
}
# On a site's page, "unrelated" holds what has no source in the archive.
SITE_RELATION_WORDS: Mapping[Relation, str] = {
    **SHORT_RELATION_WORDS,
    "unrelated": "no source found",
    "independent": "independent report",
}


def told(relation: Relation | None, doubt: str | None) -> tuple[str, str]:
    """Say an article's verdict in a word or two, with its tone."""
    if relation is not None:
        return SHORT_RELATION_WORDS[relation], TONES[relation]
    if doubt == NO_SOURCE:
        return "no source found", "good"
    return (WHICH_FIRST if doubt in OF_EITHER else "cannot tell"), ""


def site_reason(verdict: SiteVerdict) -> str:
    """Say in a sentence why a site has its label."""
    return SITE_REASONS[verdict.reason]


def spoken(name: str) -> str:
    """Say a feature's or a reason's name in words."""
    return reason_in_words(name)


def number(value: float, places: int = 2) -> str:
    """Write a number with thousands apart; what cannot be measured is a dash.

    >>> number(20000, 0), number(float("nan"))
    ('20,000', '–')
    """
    return f"{value:,.{places}f}" if isfinite(value) else NONE


def percent(share: float) -> str:
    """Write a share as a whole percentage.

    >>> percent(0.254)
    '25 %'
    """
    return f"{100 * share:.0f} %" if isfinite(share) else NONE


def interval(low: float, high: float) -> str:
    """Write the ends of an interval of shares.

    >>> interval(0.1, 0.25), interval(float("nan"), float("nan"))
    ('10 % to 25 %', '–')
    """
    return f"{percent(low)} to {percent(high)}" if isfinite(low) else NONE


def moment(time: datetime | None) -> str:
    """Write a time in UTC to the minute."""
    return f"{time:%Y-%m-%d %H:%M} UTC" if time else "time unknown"


def span(hours: float) -> str:
    """Say a stretch of time in the unit that suits it.

    >>> span(0.5), span(5), span(72)
    ('30 minutes', '5 hours', '3 days')
    """
    for unit, length, limit in (("minutes", 1 / 60, 1.5), ("hours", 1, 48), ("days", 24, 1e9)):
        if hours < limit:
            return f"{hours / length:.0f} {unit}"
    return NONE


def lags(hours: Sequence[float]) -> str:
    """Say the fastest, the middle and the slowest time from source to copy.

    Parameters
    ----------
    hours : ascending
    """
    if not hours:
        return "No pair has both publication times."
    middle = span(hours[len(hours) // 2])
    return (
        f"Half of {len(hours)} appeared within {middle} of their source; the fastest after "
        f"{span(hours[0])}, the slowest after {span(hours[-1])}."
    )
