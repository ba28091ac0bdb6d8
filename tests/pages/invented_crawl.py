"""A judged crawl of fictional news, for the tests of the pages; no model made its verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from detector.align import align
from detector.attribution import attributed
from detector.classify import load_model
from detector.evidence import evidence
from detector.features.comparison import compare
from detector.features.profile import profile
from detector.mixture import ErrorRates, rates_of
from detector.records import RELATIONS, Article, Evidence, Pair, Rejected, Relation, Verdict
from detector.segment import segment
from detector.store import (
    ARTICLES,
    REJECTED,
    VERDICTS,
    article_row,
    batch_of,
    rejected_row,
    verdict_row,
    write_json,
    write_parquet,
)

START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)

SOURCE_TEXT = (
    "Veyra will close its last tram depot in October, the transport board decided on Monday "
    "evening.\n\n"
    "The depot at Linden Street was opened in 1931 and now houses only four trams. Repairing its "
    "roof would cost 2.4 million crowns, the board said.\n\n"
    '"We looked for a buyer for two years and did not find one," said the chair, Maren Oske. '
    "The 26 mechanics will be offered work at the bus garage in Holm.\n\n"
    "A citizens' group collected 3,100 signatures against the closure. It wants the hall to become "
    "a market. The board will answer in May."
)
SPUN_TEXT = (
    "Veyra will shut its final tram depot in October, the transportation board determined on "
    "Monday night.\n\n"
    "The depot at Linden Street was launched in 1931 and currently accommodates merely four trams. "
    "Fixing its roof would require 2.4 million crowns, the board stated.\n\n"
    '"We searched for a purchaser for two years and failed to discover one," stated the chair, '
    "Maren Oske. The 26 technicians will be given employment at the bus garage in Holm.\n\n"
    "A citizens' group gathered 3,100 signatures against the shutdown. Observers call the dispute "
    "a test for the new mayor."
)
HOSTILE = (
    '<script>document.title = "owned"</script> "onmouseover="alert(1) '
    "<img src=http://tracker.example/x.gif onerror=alert(2)> javascript:alert(3) "
    "\N{RIGHT-TO-LEFT OVERRIDE}gnp.exe\N{POP DIRECTIONAL FORMATTING} ]]> --> </style> {{ 7 * 7 }}"
)


def confusion(right: float = 0.88) -> ErrorRates:
    """Give error rates of a classifier that is right so often, whatever the relation."""
    other = (1 - right) / len(RELATIONS)
    table = np.full((len(RELATIONS), len(RELATIONS) + 1), other)
    np.fill_diagonal(table, right)
    return rates_of(10_000 * table)


def article(name: str, text: str, *, site: str, hours: float = 0.0, title: str = "") -> Article:
    """Invent an article, published so many hours after the start."""
    return Article(
        id=name,
        text=text,
        title=title or f"Tram depot to close ({name})",
        url=f"https://{site}/{name}" if site else "",
        site=site,
        published=START + timedelta(hours=hours),
        fetched=START + timedelta(hours=hours + 1),
        lang="en",
    )


def verdict(
    suspect: Article,
    source: Article | None,
    relation: Relation | None,
    score: float,
    *,
    shown: bool = False,
) -> Verdict:
    """Invent a verdict; with ``shown``, its evidence is that of the texts."""
    coverage, degree, items = 0.9, 0.3, ()
    if source and shown:
        ours, theirs = segment(suspect), segment(source)
        alignment = align(Pair(ours, theirs))
        pair = compare(alignment, profile(ours), profile(theirs))
        items = evidence(pair, load_model().shift)
        coverage, degree = alignment.coverage, alignment.degree
    doubt = None if relation else ("uncertain" if source else "no_source")
    return Verdict(
        id=suspect.id,
        relation=relation,
        score=score,
        family="synonym_spinner" if relation == "automated_rewrite" else None,
        coverage=coverage if source else float("nan"),
        degree=degree if source else float("nan"),
        cannot_tell=doubt,
        suspect=suspect,
        source=source,
        first="source" if source else "unknown",
        other_sources=(),
        attributed=attributed(suspect, source) if source else None,
        evidence=items or (Evidence("counterparts", "7 of 8 sentences have a counterpart."),),
        model="unspun-test",
        version="0.0",
    )


def spun_verdict() -> Verdict:
    """Give one machine rewrite with its evidence."""
    source = article("depot", SOURCE_TEXT, site="veyrapost.example")
    suspect = article("depot-spun", SPUN_TEXT, site="quickveyra.example", hours=3)
    return verdict(suspect, source, "automated_rewrite", 0.97, shown=True)


def hostile_verdict() -> Verdict:
    """Give a machine rewrite whose every field wants to be more than text."""
    told = spun_verdict()
    assert told.source is not None
    one_line = ("word " * 200_000).strip()
    suspect = replace(
        told.suspect,
        text=f"{HOSTILE} {told.suspect.text}\n\n{one_line}",
        title=HOSTILE,
        url="javascript:alert(4)",
        site='evil".example',
        id=HOSTILE,
    )
    source = replace(told.source, text=f"{HOSTILE} {told.source.text}", title=HOSTILE)
    changed = Evidence("copied_run", f"It quotes {HOSTILE}.")
    return replace(told, id=HOSTILE, suspect=suspect, source=source, evidence=(changed,))


def crawl(*, sites: int = 6, each: int = 14) -> list[Verdict]:
    """Invent a crawl: own reporting, a wire customer, a copier, a farm, and small sites."""
    originals = [
        article(f"post-{i}", SOURCE_TEXT, site="veyrapost.example", hours=5 * i)
        for i in range(each)
    ]
    told = [verdict(a, None, None, 0.05) for a in originals]
    plans: list[tuple[str, Relation, str, str]] = [
        ("quickveyra.example", "automated_rewrite", SPUN_TEXT, "Rapid"),
        (
            "holmecho.example",
            "copy",
            f"{SOURCE_TEXT}\n\nThis article was first published by Veyra Post.",
            "Echo",
        ),
        ("grabby.example", "copy", SOURCE_TEXT, "Grab"),
    ]
    for site, relation, text, word in plans:
        for i, original in enumerate(originals):
            suspect = article(f"{word}-{i}".lower(), text, site=site, hours=5 * i + 1 + i % 4)
            score = 0.9 + i / 200 if relation == "automated_rewrite" else 0.02
            told.append(verdict(suspect, original, relation, score, shown=i == 0))
    told.append(verdict(article("own-1", SPUN_TEXT, site="isle.example"), None, None, 0.3))
    told.append(verdict(article("odd-1", SPUN_TEXT, site="isle.example"), originals[0], None, 0.6))
    return [*told, *(_small(k, originals[0]) for k in range(sites))]


def _small(number: int, original: Article) -> Verdict:
    suspect = article(f"small-{number}", SOURCE_TEXT, site=f"small{number}.example", hours=9)
    return verdict(suspect, original, "excerpt", 0.03)


def write_batch(
    folder: Path, told: Sequence[Verdict], rejected: Iterable[Rejected] = ()
) -> dict[str, Any]:
    """Write a crawl as `unspun batch` does, and give the summary."""
    folder.mkdir(parents=True, exist_ok=True)
    articles = {a.id: a for v in told for a in (v.suspect, v.source) if a}
    refused = list(rejected) or [
        Rejected("crawl/feed.xml", "item 12", "fewer_than_40_words", "31 words"),
        Rejected("crawl/pages.warc", "record 4", "not_english", HOSTILE),
    ]
    summary = {
        "model": "unspun-test",
        "version": "0.0",
        "flagged": sum(v.relation == "automated_rewrite" for v in told),
        "articles": len(told),
        "rejected": len(refused),
    }
    write_parquet(
        folder / "verdicts.parquet", [batch_of(map(verdict_row, told), VERDICTS)], VERDICTS
    )
    write_parquet(
        folder / "articles.parquet",
        [batch_of(map(article_row, articles.values()), ARTICLES)],
        ARTICLES,
    )
    write_parquet(
        folder / "rejected.parquet", [batch_of(map(rejected_row, refused), REJECTED)], REJECTED
    )
    write_json(folder / "summary.json", summary)
    return summary
