"""A site's verdict for a terminal and for programs."""

from __future__ import annotations

import json
from dataclasses import asdict
from math import isfinite
from pathlib import Path
from typing import Any

from detector.classify import MODEL_NAME
from detector.errors import DetectorError
from detector.hosts import site_of as registrable
from detector.lexicon import models_folder
from detector.licences import NONE, Licences
from detector.mixture import ErrorRates, error_rates
from detector.pages import wording
from detector.pages.crawl_rows import load_crawl
from detector.records import RELATIONS
from detector.report import FAMILY_WORDS
from detector.rollup import SiteVerdict
from detector.terminal import Paint, plain, table, tame, wrap

SOURCES_SHOWN = 8
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
    domain: str, folder: Path, rates: ErrorRates, licences: Licences = NONE
) -> SiteVerdict:
    """Give the verdict of one site of a judged crawl.

    Parameters
    ----------
    domain : a domain or an address on the site
    folder : where `unspun batch` wrote
    licences : those that the batch did not know of

    Raises
    ------
    DetectorError
        Where the folder holds no finished batch, or no article of the site.
    """
    wanted = registrable(domain) or domain.lower()
    crawl = load_crawl(folder, rates, licences)
    found = next((site for site in crawl.sites if site.site == wanted), None)
    if found is None:
        known = ", ".join(site.site for site in crawl.sites[:5])
        raise DetectorError(
            f"{folder} holds no article of {wanted}", hint=f"ask for a site of it, such as {known}"
        )
    return found


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
    rows.append(("cannot tell", str(site.untold), "", ""))
    head = (f"{site.articles} articles", "told", "estimated", "95 % interval")
    return table(head, rows, width=width)


def _sources(site: SiteVerdict, width: int) -> str:
    rows = [
        (source.site, str(source.articles), str(source.credited), str(source.by_machine))
        for source in site.sources[:SOURCES_SHOWN]
    ]
    head = ("taken from", "articles", "naming it", "by machine")
    return table(head, rows, width=width) if rows else ""
