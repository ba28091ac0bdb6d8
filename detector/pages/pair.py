"""The page of one pair: both texts side by side, and everything that the verdict rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isnan

from detector.clean import unfit
from detector.evidence import speaks_against
from detector.features.comparison import Comparison, SwapKind
from detector.features.profile import profile
from detector.pages import charts, sides, wording
from detector.pages.drivers import Driver, Drivers
from detector.pages.measured import measured
from detector.pages.rendering import render, shown
from detector.passages import rewritten_part
from detector.phrases import (
    ATTRIBUTED_WORDS,
    FAMILY_WORDS,
    FIRST_WORDS,
    OF_EITHER,
    likelihood_in_words,
    of_a_hundred,
    reason_in_words,
    relation_in_words,
)
from detector.pipeline import beside
from detector.quoting import Fate, Quoted
from detector.records import Article, Segments, Span, Verdict
from detector.report import other_in_words
from detector.segment import segment
from detector.verdict import NO_SOURCE

# Swaps in the table that is always open; the others can be unfolded.
SWAPS_OPEN = 15
SWAP_WORDS: dict[SwapKind, str] = {
    "synonym": "synonym",
    "spelling": "British or American spelling",
    "inflection": "other form of the word",
    "grammar": "function word",
    "other": "other word",
}
FATE_WORDS: dict[Fate, str] = {
    "changed": "altered",
    "edited": "words left out or put in",
    "other": "not in the source",
    "framed": "word for word, with more around it",
    "kept": "word for word",
}


@dataclass(frozen=True, slots=True)
class SwapLine:
    """A swap and how often it was made."""

    replaced: str
    by: str
    kind: str
    times: int


@dataclass(frozen=True, slots=True)
class QuotationLine:
    """A quotation of the suspect beside what the source has in its place."""

    fate: str
    suspect: str
    source: str


def side_by_side(verdict: Verdict) -> Comparison | None:
    """Compare a verdict's two articles again, as they were judged.

    None where there are not two that can be read.
    """
    if verdict.source is None or unfit(verdict.suspect) or unfit(verdict.source):
        return None
    return beside(profile(segment(verdict.suspect)), profile(segment(verdict.source)))


def part_judged(verdict: Verdict, whole: Comparison) -> Comparison | None:
    """Compare the part of the suspect that the score is of; None where it is of the whole."""
    if all(reason.kind != "judged_part" for reason in verdict.evidence):
        return None
    part = rewritten_part(whole)
    return part.comparison if part else None


def pair_page(
    verdict: Verdict,
    *,
    drivers: Drivers | None = None,
    home: str = "",
) -> str:
    """Write the page of one verdict, whole in itself.

    Parameters
    ----------
    verdict : with the texts of its articles
    drivers : what explains a score, from `detector.pages.drivers.occlusion`; without it the page
        says nothing of what drove the score
    home : relative address of the report that the page belongs to, "" for none
    """
    comparison = side_by_side(verdict)
    part = part_judged(verdict, comparison) if comparison else None
    headline, tone = _headline(verdict)
    laid = sides.rows(comparison) if comparison else []
    return render(
        "pair.html",
        script="pair.js",
        title=shown(f"{verdict.suspect.title or verdict.id}: {headline}"),
        verdict=verdict,
        headline=headline,
        tone=tone,
        likelihood=likelihood_in_words(verdict.score),
        many="" if isnan(verdict.score) else of_a_hundred(verdict.score),
        family=FAMILY_WORDS[verdict.family] if verdict.family else "",
        first=FIRST_WORDS[verdict.first],
        further=[other_in_words(o) for o in verdict.other_sources if o.role == "further"],
        credit=ATTRIBUTED_WORDS[verdict.attributed] if verdict.attributed else "",
        doubt=reason_in_words(verdict.cannot_tell) if verdict.cannot_tell else "",
        of_either=verdict.cannot_tell in OF_EITHER,
        # What speaks for honest work is shown apart, so that nobody misses it.
        speaking_for=[reason for reason in verdict.evidence if not speaks_against(reason)],
        against=[reason for reason in verdict.evidence if speaks_against(reason)],
        texts=[("Suspect", verdict.suspect), *_source(verdict.source)],
        rows=laid,
        counts=sides.counts(laid),
        swaps=swap_lines(comparison) if comparison else [],
        swaps_open=SWAPS_OPEN,
        quotations=list(_quotations(comparison)) if comparison else [],
        families=measured(comparison) if comparison else [],
        drivers=_drawn(drivers(part or comparison) if drivers and comparison else ()),
        of_part=part is not None,
        caution=wording.CAUTION,
        home=home,
        measured=not isnan(verdict.score),
    )


def _source(source: Article | None) -> list[tuple[str, Article]]:
    return [("Source", source)] if source else []


def _headline(verdict: Verdict) -> tuple[str, str]:
    """Say the verdict in words, with the tone that it is said in."""
    if verdict.relation is None:
        reason = reason_in_words(verdict.cannot_tell or "")
        return f"cannot tell: {reason}", "" if verdict.cannot_tell == NO_SOURCE else "doubt"
    words = relation_in_words(verdict.relation, verdict.first)
    return words, wording.TONES[verdict.relation]


def swap_lines(comparison: Comparison) -> list[SwapLine]:
    """Count the swaps, the most frequent first, content words before function words."""
    found = Counter((swap.replaced, swap.by, swap.kind) for swap in comparison.swaps)
    lines = [SwapLine(a, b, SWAP_WORDS[kind], times) for (a, b, kind), times in found.items()]
    last = SWAP_WORDS["grammar"]
    return sorted(lines, key=lambda s: (s.kind == last, -s.times, s.replaced, s.by))


def _quotations(comparison: Comparison) -> Iterator[QuotationLine]:
    suspect, source = comparison.alignment.pair.suspect, comparison.alignment.pair.source
    for quoted in sorted(comparison.quotations, key=_by_fate):
        there = _text(source, quoted.source) if quoted.fate != "other" else ""
        yield QuotationLine(FATE_WORDS[quoted.fate], _text(suspect, quoted.suspect), there)


def _by_fate(quoted: Quoted) -> int:
    return list(FATE_WORDS).index(quoted.fate)


def _text(segments: Segments, words: Span) -> str:
    return shown(segments.article.text[slice(*segments.characters(words))])


def _drawn(found: Sequence[Driver]) -> dict[str, object]:
    effects = [(driver.family, driver.effect) for driver in found]
    raised = [family for family, effect in effects if effect > 0]
    name = "Effect of each family of features on the score. " + (
        f"Raised it most: {', '.join(raised[:3])}." if raised else "None raised it."
    )
    return {"effects": effects, "chart": charts.diverging(effects, name) if effects else ""}
