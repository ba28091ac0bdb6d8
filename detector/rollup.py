"""Stage 12: from the verdicts on a site's articles to what may be said of the site.

Shares are corrected for the errors of the classifier (`detector.mixture`). The rule: decision 0040.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import nan
from typing import Any, Literal, TypeAlias, get_args

from detector.dates import earlier
from detector.mixture import FEWEST_ARTICLES, ErrorRates, Mixture, Share
from detector.records import FAMILIES, RELATIONS, Attributed, Family, First, Relation

SiteLabel: TypeAlias = Literal["original", "aggregator", "copier", "content_farm", "cannot_tell"]
SITE_LABELS: tuple[SiteLabel, ...] = get_args(SiteLabel)

OWN: tuple[Relation, ...] = ("unrelated", "independent")
TAKEN: tuple[Relation, ...] = ("excerpt", "copy", "human_rewrite", "automated_rewrite")
MACHINE: Relation = "automated_rewrite"
# A licence counts as a credit does: what it covers is nobody's loss.
CREDITS: tuple[Attributed, ...] = ("yes", "licensed")
Reuse: TypeAlias = Literal["taken", "credited"]

# Evidence for these constants: docs/decisions/0040-site-verdicts.md.
FARM_SHARE = 0.25  # estimated share of machine rewrites from which a site may be called a farm
# What is estimated to be taken also counts articles of which nothing was told. So much of it has to
# be told: doubts alone call nobody anything.
TOLD = 0.5
MOST = 0.5  # more than this share is "most of what it publishes"
CREDITED = 0.5  # share of what was taken that names its source, from which a site aggregates
UNCREDITED = 1 / 3  # and up to which it copies; between the two nothing is said


# ---------------------------------------------------------------- records


@dataclass(frozen=True, slots=True)
class Finding:
    """What a site verdict takes from the verdict on one article."""

    relation: Relation | None  # None where nothing could be told
    family: Family | None = None
    published: datetime | None = None  # UTC
    source_site: str = ""  # of the origin; "" where there is no source, or on the site itself
    lag: float = nan  # hours from the source's publication; nan where times do not tell
    credited: bool = False  # the article names the one that it was taken from, or is licensed
    ordered: bool = True  # False where it or what it is like may be the original


@dataclass(frozen=True, slots=True)
class SourceSite:
    """A site that articles were taken from."""

    site: str
    articles: int
    credited: int
    by_machine: int


@dataclass(frozen=True, slots=True)
class Cadence:
    """How a site publishes, over the articles whose time is known."""

    dated: int
    days: int  # from the first to the last, both counted
    per_day: float  # articles a day; nan without times
    busiest: int  # articles on the busiest day
    hours: tuple[int, ...]  # articles by hour of the day, UTC; 24


@dataclass(frozen=True, slots=True)
class SiteVerdict:
    """What may be said of a site, and what that rests on."""

    site: str
    label: SiteLabel
    reason: str  # why this label, snake_case: "mostly_own_articles", "fewer_than_10_articles"
    articles: int
    untold: int  # articles of which nothing could be told, or not which was first
    credited: int  # articles taken from others that name them or are licensed
    shares: tuple[Share, ...]  # in the order of RELATIONS
    families: tuple[tuple[Family, int], ...]  # of the machine rewrites, most first
    sources: tuple[SourceSite, ...]  # most taken from first
    lags: tuple[float, ...]  # hours from source to copy, ascending
    cadence: Cadence


# ---------------------------------------------------------------- one article


def was_taken(row: Mapping[str, Any]) -> bool:
    """Tell whether a verdict's article was made from its source, and not the source from it.

    A copy looks the same from both sides, so its order must be known. A machine rewrite is told
    only of what was there later or, where times do not tell, of what looks like the one made.
    """
    return row["relation"] == MACHINE or (row["relation"] in TAKEN and _first(row) == "source")


def _first(row: Mapping[str, Any]) -> First:
    """Say which was first; simulated sites do not tell, and take from earlier sources alone."""
    first: First = row.get("first", "source")
    return first


def reuse(row: Mapping[str, Any]) -> Reuse | None:
    """Tell whether a verdict's article was taken from another site, and if so whether it may be.

    ``credited`` stands for a credit or a licence, ``taken`` for neither.
    """
    own = bool(row["source_site"]) and row["source_site"] == row["suspect_site"]
    if own or not was_taken(row):
        return None
    return "credited" if row["attributed"] in CREDITS else "taken"


def finding(row: Mapping[str, Any]) -> Finding:
    """Take what a site verdict needs from one verdict, as `detector.origins.with_origins` gives it.

    No source in the archive counts as unrelated to all of it, and so does a source that was there
    later, or on the site itself: an outlet may rewrite its own stories, and print them back from a
    copy. Of a chain of copies the first is named, for it was its work that was taken; the lag is
    that to the source. Where it is not known which was first, either may have taken from the other.
    """
    source_site = row["source_site"] or ""
    own = row["suspect_site"] and row["suspect_site"] in (source_site, row["origin_site"])
    if row["cannot_tell"] == "no_source" or own or _first(row) == "suspect":
        return Finding("unrelated", published=row["suspect_published"])
    taken = was_taken(row)
    if not taken and row["relation"] not in OWN and _first(row) == "unknown":
        return Finding(None, published=row["suspect_published"], ordered=False)
    return Finding(
        row["relation"],
        row["family"],
        row["suspect_published"],
        (row["origin_site"] or "") if taken else "",
        _lag(row["source_published"], row["suspect_published"]) if taken else nan,
        taken and row["attributed"] in CREDITS,
    )


def _lag(source: datetime | None, suspect: datetime | None) -> float:
    if source is None or suspect is None or earlier(suspect, source) != "source":
        return nan
    return (suspect - source).total_seconds() / 3600


# ---------------------------------------------------------------- one site


def judge_site(site: str, findings: Iterable[Finding], rates: ErrorRates) -> SiteVerdict:
    """Say what a site is, as far as its articles tell; their order does not matter.

    Parameters
    ----------
    site : registrable domain
    findings : one an article
    rates : the classifier's errors, from `error_rates`
    """
    found = list(findings)
    mix = Mixture.of((f.relation for f in found if f.ordered), rates)
    credited = sum(f.credited for f in found)
    label, reason = _label(mix, found)
    return SiteVerdict(
        site=site,
        label=label,
        reason=reason,
        articles=len(found),
        untold=sum(f.relation is None for f in found),
        credited=credited,
        shares=tuple(_of_all(mix.share(relation), mix, found) for relation in RELATIONS),
        families=_families(found),
        sources=_sources(found),
        lags=tuple(sorted(f.lag for f in found if f.lag >= 0)),
        cadence=_cadence([f.published for f in found if f.published]),
    )


def _label(mix: Mixture, found: Sequence[Finding]) -> tuple[SiteLabel, str]:
    """Apply the rule of decision 0040.

    Articles of which it is not known who was first are of no kind: each share is one of all
    articles, and they are in none.
    """
    if len(found) < FEWEST_ARTICLES:
        return "cannot_tell", f"fewer_than_{FEWEST_ARTICLES}_articles"
    if mix.articles < FEWEST_ARTICLES:
        return "cannot_tell", "order_unknown"
    ordered = mix.articles / len(found)
    if ordered * mix.estimate([MACHINE]) >= FARM_SHARE:
        machine = [f for f in found if f.relation == MACHINE]
        in_doubt = _is_in_doubt(mix, [MACHINE], machine)
        return ("cannot_tell", "machine_rewrites_in_doubt") if in_doubt else _accused(mix, machine)
    if ordered * mix.estimate(TAKEN) > MOST:
        taken = [f for f in found if f.relation in TAKEN]
        return (
            ("cannot_tell", "taken_in_doubt") if _is_in_doubt(mix, TAKEN, taken) else _taker(taken)
        )
    if ordered * mix.estimate(OWN) > MOST:
        return "original", "mostly_own_articles"
    return "cannot_tell", "no_kind_prevails" if ordered > MOST else "order_unknown"


def _of_all(share: Share, mix: Mixture, found: Sequence[Finding]) -> Share:
    """Turn a share of the articles whose order is known into one of all.

    Of the others none may be of the relation, or all.
    """
    ordered = mix.articles / max(len(found), 1)
    low, high = ordered * share.low, ordered * share.high + (1 - ordered)
    return replace(share, estimate=ordered * share.estimate, low=low, high=high)


def _is_in_doubt(mix: Mixture, group: Sequence[Relation], told: Sequence[Finding]) -> bool:
    """Tell whether a share is estimated from articles of most of which nothing is told."""
    return len(told) < TOLD * mix.estimate(group) * mix.articles


def _accused(mix: Mixture, machine: Sequence[Finding]) -> tuple[SiteLabel, str]:
    """Call a site a farm only where neither error nor credit explains its machine rewrites."""
    if not mix.beyond_error(MACHINE):
        return "cannot_tell", "machine_rewrites_within_error"
    if _credited(machine) >= CREDITED:
        return "cannot_tell", "machine_rewrites_credited"
    return "content_farm", "machine_rewrites_uncredited"


def _taker(taken: Sequence[Finding]) -> tuple[SiteLabel, str]:
    """Tell who names the sources of what it takes from who does not."""
    credited = _credited(taken)
    if credited >= CREDITED:
        return "aggregator", "mostly_taken_and_credited"
    if credited <= UNCREDITED:
        return "copier", "mostly_taken_uncredited"
    return "cannot_tell", "credited_now_and_then"


def _credited(taken: Iterable[Finding]) -> float:
    flags = [f.credited for f in taken]
    return sum(flags) / len(flags) if flags else 0.0


# ---------------------------------------------------------------- the rest of a site


def _families(found: Sequence[Finding]) -> tuple[tuple[Family, int], ...]:
    counts = Counter(f.family for f in found if f.family)
    return tuple(
        (family, counts[family])
        for family in sorted(FAMILIES, key=lambda f: (-counts[f], FAMILIES.index(f)))
        if counts[family]
    )


def _sources(found: Sequence[Finding]) -> tuple[SourceSite, ...]:
    by_site: dict[str, list[Finding]] = {}
    for f in found:
        if f.source_site:
            by_site.setdefault(f.source_site, []).append(f)
    ranked = (
        SourceSite(
            site, len(fs), sum(f.credited for f in fs), sum(f.relation == MACHINE for f in fs)
        )
        for site, fs in by_site.items()
    )
    return tuple(sorted(ranked, key=lambda s: (-s.articles, s.site)))


def _cadence(times: Sequence[datetime]) -> Cadence:
    if not times:
        return Cadence(0, 0, nan, 0, (0,) * 24)
    by_day = Counter(time.date() for time in times)
    days = (max(by_day) - min(by_day)).days + 1
    by_hour = Counter(time.hour for time in times)
    hours = tuple(by_hour[hour] for hour in range(24))
    return Cadence(len(times), days, len(times) / days, max(by_day.values()), hours)
