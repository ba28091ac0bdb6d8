"""Results for programs (JSON lines) and for people (terminal text)."""

from __future__ import annotations

import json
import math
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC
from typing import Any

from detector.evidence import speaks_against, strongest
from detector.features.registry import Feature
from detector.phrases import (
    ATTRIBUTED_WORDS,
    FAMILY_WORDS,
    FIRST_WORDS,
    NOT_MEASURED,
    OF_EITHER,
    likelihood_in_words,
    of_a_hundred,
    reason_in_words,
    relation_in_words,
)
from detector.readability import PANEL
from detector.records import Article, Evidence, OtherSource, Verdict
from detector.terminal import Paint, plain, table, tame, wrap
from detector.verdict import OTHER_NUMBERS, flagged

# ---------------------------------------------------------------- JSON


def verdict_object(verdict: Verdict) -> dict[str, object]:
    """Give the verdict as plain data, with exactly the documented keys and ``nan`` as None."""
    return {
        "id": verdict.id,
        "relation": verdict.relation,
        "score": _number(verdict.score),
        "family": verdict.family,
        "coverage": _number(verdict.coverage),
        "degree": _number(verdict.degree),
        "cannot_tell": verdict.cannot_tell,
        "suspect": _article_object(verdict.suspect),
        "source": verdict.source and _article_object(verdict.source),
        "other_sources": [_other_object(other) for other in verdict.other_sources],
        "first": verdict.first,
        "attributed": verdict.attributed,
        "evidence": [_evidence_object(item) for item in verdict.evidence],
        "model": verdict.model,
        "version": verdict.version,
    }


def json_line(data: object) -> str:
    r"""Write plain data as one line of ASCII JSON, which no terminal or encoding can spoil.

    >>> json_line({"title": "Café"})
    '{"title": "Caf\\u00e9"}'
    """
    return json.dumps(data, allow_nan=False)


def archive_text(counts: Mapping[str, Any]) -> str:
    """List what an archive holds, or what was added to it, one line a count.

    >>> print(archive_text({"articles": 1204, "rejections": {"no_text": 2}, "to": None}))
    articles: 1,204
    rejections: no_text 2
    to: -
    """
    return "\n".join(f"{name.replace('_', ' ')}: {_counts(counts[name])}" for name in counts)


def _counts(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{tame(str(name))} {count:,}" for name, count in value.items()) or "-"
    return f"{value:,}" if isinstance(value, int) else tame(str(value or "-"))


def _number(value: float) -> float | None:
    return round(float(value), 6) if math.isfinite(value) else None


def _article_object(article: Article) -> dict[str, str | None]:
    published = article.published
    return {
        "id": article.id,
        "url": article.url,
        "site": article.site,
        "title": article.title,
        "published": published.astimezone(UTC).isoformat() if published else None,
    }


def _other_object(other: OtherSource) -> dict[str, object]:
    return {**asdict(other), "coverage": _number(other.coverage)}


def _evidence_object(evidence: Evidence) -> dict[str, object]:
    return {
        "kind": evidence.kind,
        "text": evidence.text,
        "suspect": [list(span) for span in evidence.suspect],
        "source": [list(span) for span in evidence.source],
    }


# ---------------------------------------------------------------- terminal

LONGEST_TITLE = 200  # characters; feeds hold whole articles as titles
_LABEL = 10  # columns of the longest label, "coverage", and its indentation


def verdict_text(verdict: Verdict, *, width: int = 80, paint: Paint = plain) -> str:
    """Write one verdict for people, several lines, the relation first and the reasons last."""
    facts = (_fact(label, value, width, paint) for label, value in _facts(verdict))
    words, colour = _headline(verdict)
    head = paint(wrap(words, width, first="", rest="  "), colour)
    return "\n".join([head, *facts, *_reasons(verdict, width, paint)])


def _reasons(verdict: Verdict, width: int, paint: Paint) -> Iterable[str]:
    """Give the strongest reasons; a sign and words, not only a colour, mark what speaks against."""
    shown = strongest(verdict.evidence)
    if shown:
        yield paint("why, strongest first", "bold")
    for reason in shown:
        against = speaks_against(reason)
        lines = wrap(
            f"Against a rewrite: {reason.text}" if against else reason.text,
            width,
            first="  - " if against else "  + ",
            rest="    ",
        )
        yield paint(lines, "dim") if against else lines
    left = len(verdict.evidence) - len(shown)
    if left:
        yield wrap(f"{left} more: --json or --html FILE", width, first="    ", rest="    ")


def _headline(verdict: Verdict) -> tuple[str, str]:
    # A pair's id is the caller's; an article's own says nothing to people.
    name = f"{tame(verdict.id)}: " if verdict.id != verdict.suspect.id else ""
    if verdict.relation is None:
        return f"{name}cannot tell: {reason_in_words(verdict.cannot_tell or '')}", "yellow"
    words = relation_in_words(verdict.relation, verdict.first)
    return name + words, "red" if flagged(verdict) else "green"


def _facts(verdict: Verdict) -> Iterable[tuple[str, str]]:
    yield "score", _score_in_words(verdict)
    if verdict.family:
        yield "family", FAMILY_WORDS[verdict.family]
    yield "suspect", article_in_words(verdict.suspect)
    if verdict.source is None:
        return
    yield "source", article_in_words(verdict.source)
    yield "coverage", _share(verdict.coverage, "of the suspect's words derive from the source")
    yield "degree", _share(verdict.degree, "of their wording was changed")
    for other in verdict.other_sources:
        if other.role == "further":
            yield "and from", other_in_words(other)
    yield "first", FIRST_WORDS[verdict.first]
    if verdict.attributed:
        yield "credit", ATTRIBUTED_WORDS[verdict.attributed]


def _score_in_words(verdict: Verdict) -> str:
    if math.isnan(verdict.score):
        return NOT_MEASURED
    basis = "" if verdict.source else " (from the suspect's style alone: a far weaker statement)"
    claim = "rewritten by machine"
    if verdict.cannot_tell in OF_EITHER:
        claim = "that one of the two, not told which, was rewritten by machine"
    elif verdict.cannot_tell == OTHER_NUMBERS:
        claim = "rewritten by machine, by the wording alone"
    return (
        f"{verdict.score:.2f}, {likelihood_in_words(verdict.score)} {claim}: "
        f"of 100 that score like this, {of_a_hundred(verdict.score)}{basis}"
    )


def _share(value: float, words: str) -> str:
    return f"{value:.0%} {words}" if math.isfinite(value) else NOT_MEASURED


def article_in_words(article: Article) -> str:
    """Name an article by title, site and time, as far as they are known."""
    title = f"“{article.title[:LONGEST_TITLE] or _opening(article.text)}”"
    published = article.published
    when = published.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC") if published else ""
    return ", ".join(tame(part) for part in (title, article.site, when) if part)


def other_in_words(other: OtherSource) -> str:
    """Name a further source, and say how much of the suspect derives from it."""
    name = tame(other.url or ", ".join(part for part in (other.id, other.site) if part))
    return f"{name}: {_share(other.coverage, 'of the words')}"


def _opening(text: str) -> str:
    return textwrap.shorten(text[:LONGEST_TITLE], 60, placeholder=" …") or "no text"


def _fact(label: str, value: str, width: int, paint: Paint) -> str:
    indent = " " * (_LABEL + 2)
    lines = wrap(value, width, first=indent, rest=indent)
    return "  " + paint(label.ljust(_LABEL), "dim") + lines[len(indent) :]


# ---------------------------------------------------------------- features and model


def feature_object(feature: Feature[Any]) -> dict[str, object]:
    """Give a feature's declaration as plain data; a bound that does not exist is None."""
    return {
        "name": feature.name,
        "family": feature.family,
        "unit": feature.unit,
        "low": _number(feature.low),
        "high": _number(feature.high),
        "source": feature.source,
        "version": feature.version,
        "description": feature.doc,
    }


def features_text(features: Sequence[Feature[Any]], *, width: int = 80) -> str:
    """Set the declared features in a table."""
    rows = [(f.family, f.name, f.unit, _range(f), f.source) for f in features]
    return table(("family", "name", "unit", "range", "source"), rows, width=width)


def _range(feature: Feature[Any]) -> str:
    bounds = (feature.low, feature.high)
    return "..".join(f"{bound:g}" if math.isfinite(bound) else "" for bound in bounds)


def readability_object(article: Article, values: Mapping[str, float]) -> dict[str, object]:
    """Give an article's readability as plain data, ``nan`` as None."""
    measured = {name: _number(value) for name, value in values.items()}
    return {**_article_object(article), "readability": measured}


def readability_text(article: Article, values: Mapping[str, float], *, width: int = 80) -> str:
    """Set an article's readability in a table under its name."""
    rows = [
        (name, NOT_MEASURED if math.isnan(value) else f"{value:.2f}", PANEL[name])
        for name, value in values.items()
    ]
    return (
        article_in_words(article) + "\n" + table(("textstat", "value", "unit"), rows, width=width)
    )


SPLIT_WORDS = {
    "in_corpus": "on texts of the corpora it was trained on, split by original",
    "leave_one_corpus_out": "on corpora that it was not trained on, each left out in turn",
}
FIGURE_WORDS = {
    "auc": "AUC",
    "tpr_at_1": "machine rewrites found where 1 % of honest pairs are accused",
    "accused": "honest pairs accused, at the shipped threshold",
    "found": "machine rewrites found, at the shipped threshold",
    "cannot_tell": "pairs of which nothing is told",
}


def _figure(value: float | None) -> str:
    return NOT_MEASURED if value is None else f"{value:.3f}"


def model_text(described: Mapping[str, Any]) -> str:
    """Describe the shipped model for people: what it is, where it draws lines, how it fared."""
    thresholds = ", ".join(f"{name} {value:.3g}" for name, value in described["thresholds"].items())
    counts = described["trained_on"]
    lines = [
        f"model        {described['id']}",
        f"feature set  {described['feature_set']} ({described['features']} features)",
        f"thresholds   {thresholds}",
        f"trained on   {sum(counts.values())} pairs of {len(counts)} corpora",
        f"card         {described['card']}",
    ]
    for split, figures in described["evaluation"].items():
        lines += ["", SPLIT_WORDS[split]]
        lines += [f"  {_figure(value):<12} {FIGURE_WORDS[n]}" for n, value in figures.items()]
    return "\n".join(lines)
