"""A judged crawl on one screen: who took what from whom, what was original, what was rejected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isnan, nan
from pathlib import Path
from typing import Any, NamedTuple

from detector.evidence import most_telling
from detector.phrases import OF_EITHER, SHORT_RELATION_WORDS, likelihood_in_words, reason_in_words
from detector.records import Rejected, Relation
from detector.report import LONGEST_TITLE
from detector.terminal import Paint, plain, table, tame, wrap
from detector.verdict import MACHINE, NO_SOURCE

HEAD = ("site", "article", "rewritten by machine?")
# What articles are grouped by, what weighs most first, and each group's heading.
GROUPS = {
    MACHINE: "Rewritten by machine",
    "human_rewrite": "Rewritten by hand",
    "copy": "Copies",
    "excerpt": "Excerpts",
    "cannot_tell": "Cannot tell",
    "independent": "Independent reports of one event",
    "unrelated": "Unrelated to anything earlier",
    NO_SOURCE: "No source in this crawl: here first, or made from something that is not here",
}
NEXT_STEPS = """\
Next: judge a crawl of your own       unspun batch CRAWL... --out results
      or one article and its source   unspun score suspect.txt --source original.txt"""


COUNTS = {
    "read": "records read",
    "rejected": "rejected",
    "articles": "articles judged",
    "with_source": "of which something was found for",
    "taken": "taken from other sites, which are not named",
    "credited": "taken from other sites, named or licensed",
    "flagged": "flagged: rewritten by machine",
}


class Judged(NamedTuple):
    """One article of a crawl and what was said of it."""

    site: str
    title: str
    relation: Relation | None
    score: float
    cannot_tell: str | None
    source_site: str
    source_title: str
    why: str  # the strongest evidence for the relation, "" where there is none


def read(folder: Path) -> tuple[list[Judged], list[Rejected]]:
    """Read back what a batch wrote, as far as one screen needs it."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - takes a third of a second

    verdicts = pq.read_table(folder / "verdicts.parquet").to_pylist()
    rejected = pq.read_table(folder / "rejected.parquet").to_pylist()
    return [_judged(row) for row in verdicts], [Rejected(**row) for row in rejected]


def _judged(row: Mapping[str, Any]) -> Judged:
    evidence = row["evidence"] or ()
    return Judged(
        site=row["suspect_site"],
        title=row["suspect_title"] or row["suspect_id"],
        relation=row["relation"],
        score=nan if row["score"] is None else row["score"],
        cannot_tell=row["cannot_tell"],
        source_site=row["source_site"] or "",
        source_title=row["source_title"] or row["source_id"] or "",
        why=most_telling(row["relation"], [(item["kind"], item["text"]) for item in evidence]),
    )


def overview(
    judged: Sequence[Judged],
    rejected: Sequence[Rejected],
    folder: str,
    *,
    width: int = 80,
    paint: Paint = plain,
) -> str:
    """Write a judged crawl for people: accusations first, originals and rejects last."""
    sites = len({j.site for j in judged})
    groups = ([j for j in judged if _group(j) == group] for group in GROUPS)
    parts = [
        f"{_number(len(judged), 'article')} of {_number(sites, 'site')} judged, "
        f"{_number(len(rejected), 'input')} rejected.",
        *(
            _section(group, found, width, paint)
            for group, found in zip(GROUPS, groups, strict=True)
        ),
        _rejects(rejected, width, paint),
        f"Results: {tame(folder)}/ (verdicts, articles and rejected as Parquet; summary.json)",
        NEXT_STEPS,
    ]
    return "\n\n".join(part for part in parts if part)


def _group(judged: Judged) -> str:
    if judged.cannot_tell == NO_SOURCE:
        return NO_SOURCE
    return judged.relation or "cannot_tell"


def _section(group: str, judged: Sequence[Judged], width: int, paint: Paint) -> str:
    """Set one row an article, the highest score first; under it its source and a reason."""
    if not judged:
        return ""
    ranked = sorted(judged, key=lambda j: (isnan(j.score), -j.score))
    # Without a source the score is of style alone, too weak to be put beside the others.
    shown = HEAD[:2] if group == NO_SOURCE else HEAD
    rows = [(j.site, j.title, _score_in_words(j))[: len(shown)] for j in ranked]
    head, *lines = table(shown, rows, width=width).split("\n")
    blocks = ["\n".join([line, *_reasons(j, width)]) for line, j in zip(lines, ranked, strict=True)]
    title = paint(f"{GROUPS[group]}: {len(judged)}", "red" if group == MACHINE else "bold")
    return "\n".join([title, paint(head, "dim"), *blocks])


def _score_in_words(judged: Judged) -> str:
    words = likelihood_in_words(judged.score)
    if judged.cannot_tell in OF_EITHER:
        words = f"one of the two: {words}"
    return words if isnan(judged.score) else f"{words} ({judged.score:.2f})"


def _reasons(judged: Judged, width: int) -> list[str]:
    doubt = judged.cannot_tell and judged.cannot_tell != NO_SOURCE
    reason = reason_in_words(judged.cannot_tell or "") if doubt else judged.why
    source = f"source: {judged.source_site}, “{judged.source_title[:LONGEST_TITLE]}”"
    lines = [source if judged.source_title else "", f"why: {reason}" if reason else ""]
    return [wrap(line, width, first="    ", rest="    ") for line in lines if line]


def _rejects(rejected: Sequence[Rejected], width: int, paint: Paint) -> str:
    if not rejected:
        return ""
    rows = [(Path(r.input).name, r.position, reason_in_words(r.reason)) for r in rejected]
    head, *lines = table(("input", "where", "why"), rows, width=width).split("\n")
    title = paint(f"Rejected, not judged: {len(rejected)}", "bold")
    return "\n".join([title, paint(head, "dim"), *lines])


def summary_text(summary: Mapping[str, Any], folder: str) -> str:
    """Set a batch's counts one a line, what was found and why not, and say where results are."""
    rows = [(summary[key], words) for key, words in COUNTS.items()]
    relations = summary["relations"].items()
    rows += [(count, f"relation: {SHORT_RELATION_WORDS[key]}") for key, count in relations]
    for group, words in (("cannot_tell", "cannot tell"), ("rejections", "rejected")):
        rows += [(n, f"{words}: {reason_in_words(key)}") for key, n in summary[group].items()]
    lines = [f"{count:>9,}  {words}" for count, words in rows]
    return "\n".join([*lines, "", f"{summary['seconds']['total']:.0f} s; results: {tame(folder)}/"])


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
