"""A site's verdict for a terminal and for programs."""

from __future__ import annotations

import json
from dataclasses import asdict
from math import isfinite
from pathlib import Path
from typing import Any, TypeAlias

from detector.archive import is_archive, judged
from detector.classify import MODEL_NAME
from detector.errors import DetectorError
from detector.hosts import site_of as registrable
from detector.lexicon import models_folder
from detector.licences import NONE, Licences, licensed
from detector.mixture import ErrorRates, error_rates
from detector.origins import with_origins
from detector.pages import wording
from detector.pages.crawl_rows import load_crawl
from detector.phrases import FAMILY_WORDS
from detector.records import RELATIONS
from detector.rollup import SiteVerdict, finding, judge_site
from detector.terminal import Paint, plain, table, tame, wrap

SOURCES_SHOWN = 8
SITES_NAMED = 5  # where the one that was asked for is not among them
_COLOURS = {"bad": "red", "doubt": "yellow", "good": "green", "": "bold"}


def shipped_error_rates() -> ErrorRates:
    """Give the error rates of the shipped model, on corpora that it had not seen.

    Raises
    ------
    DetectorError
        Where the model was shipped without its evaluation.
    """
    path = models_folder() / MODEL_NAME / "evaluation.json"
    if not path.is_file():
        raise DetectorError(
            f"{path} is missing, so the model's errors are not known",
            hint="reinstall the package, or evaluate the model: python -m training evaluate",
        )
    return error_rates(json.loads(path.read_text(encoding="utf-8")))


def site_verdict(
    domain: str, place: Path, rates: ErrorRates, licences: Licences = NONE
) -> SiteVerdict:
    """Give the verdict of one site of a judged crawl, or of all that an archive was told of it.

    Parameters
    ----------
    domain : a domain or an address on the site
    place : an archive, or where `unspun batch` wrote
    licences : those that the batch did not know of

    Raises
    ------
    DetectorError
        Where the place holds neither, or no article of the site.
    """
    wanted = registrable(domain) or domain.lower()
    of_site = _in_archive if is_archive(place) else _in_results
    found, known = of_site(wanted, place, rates, licences)
    if found is None:
        raise DetectorError(
            f"{place} holds no verdict on {wanted}",
            hint=f"ask for a site of it, such as {', '.join(known)}" if known else "judge a crawl",
        )
    return found


_Found: TypeAlias = tuple[SiteVerdict | None, list[str]]


def _in_results(site: str, folder: Path, rates: ErrorRates, licences: Licences) -> _Found:
    """Look a site up among those of a run; name some of them."""
    sites = load_crawl(folder, rates, licences).sites
    found = next((verdict for verdict in sites if verdict.site == site), None)
    return found, [verdict.site for verdict in sites[:SITES_NAMED]]


def _in_archive(site: str, path: Path, rates: ErrorRates, licences: Licences) -> _Found:
    """Judge a site by what every run said of it, and chains of copies through the archive."""
    with judged(path) as archive:
        stored = (licensed(row, licences) for row in archive.on_site(site))
        rows = with_origins(stored, archive.on)
        known = archive.largest_sites(SITES_NAMED)
    return (judge_site(site, map(finding, rows), rates) if rows else None), known


def site_object(site: SiteVerdict) -> dict[str, Any]:
    """Give a site's verdict as plain data, what cannot be measured as None."""
    plain_data: dict[str, Any] = _measured(asdict(site))
    plain_data["families"] = dict(site.families)
    return plain_data


def _measured(value: Any) -> Any:
    """Turn every nan into None, however deep it lies."""
    if isinstance(value, dict):
        return {key: _measured(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_measured(item) for item in value]
    return None if isinstance(value, float) and not isfinite(value) else value


def site_text(site: SiteVerdict, *, width: int = 80, paint: Paint = plain) -> str:
    """Write a site's verdict for people: label and reason first, then what it rests on."""
    colour = _COLOURS[wording.TONES[site.label]]
    families = ", ".join(f"{FAMILY_WORDS[family]} ({n})" for family, n in site.families)
    parts = [
        paint(f"{tame(site.site)}: {wording.LABEL_WORDS[site.label]}", colour),
        wrap(wording.site_reason(site), width, first="  ", rest="  "),
        _shares(site, width),
        wrap(f"Likely methods: {families}.", width, first="", rest="  ") if families else "",
        _sources(site, width),
        wrap(wording.lags(site.lags), width, first="", rest="  ") if site.sources else "",
        wording.CAUTION,
    ]
    return "\n\n".join(part for part in parts if part)


def _shares(site: SiteVerdict, width: int) -> str:
    rows = [
        (
            wording.SITE_RELATION_WORDS[share.relation],
            str(share.counted),
            wording.percent(share.estimate),
            wording.interval(share.low, share.high),
        )
        for share in sorted(site.shares, key=lambda s: -RELATIONS.index(s.relation))
    ]
    rows.append(("kind or order untold", str(site.untold), "", ""))
    head = (f"{site.articles} articles", "told", "estimated", "95 % interval")
    return table(head, rows, width=width)


def _sources(site: SiteVerdict, width: int) -> str:
    rows = [
        (source.site, str(source.articles), str(source.credited), str(source.by_machine))
        for source in site.sources[:SOURCES_SHOWN]
    ]
    head = ("taken from", "articles", "naming it", "by machine")
    return table(head, rows, width=width) if rows else ""
