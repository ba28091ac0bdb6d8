"""A judged crawl on one screen: who took what from whom, what was original, what was rejected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import nan
from pathlib import Path
from typing import Any, NamedTuple

from detector.records import RELATIONS, Rejected, Relation
from detector.report import (
    SHORT_RELATION_WORDS,
    Paint,
    likelihood_in_words,
    plain,
    reason_in_words,
    table,
    tame,
    wrap,
)
from detector.verdict import MACHINE, NO_SOURCE

HEAD = ("site", "article", "verdict", "rewritten by machine?")
NEXT_STEPS = """\
Next: judge a crawl of your own       unspun batch CRAWL... --out results
      or one article and its source   unspun score suspect.txt --source original.txt"""


COUNTS = {
    "read": "records read",
    "rejected": "rejected",
    "articles": "articles judged",
    "with_source": "of which something was found for",
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
    why: str  # the strongest evidence, "" where there is none


def read(folder: Path) -> tuple[list[Judged], list[Rejected]]:
    """Read back what a batch wrote, as far as one screen needs it."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - takes a third of a second

    verdicts = pq.read_table(folder / "verdicts.parquet").to_pylist()
    rejected = pq.read_table(folder / "rejected.parquet").to_pylist()
    return [_judged(row) for row in verdicts], [Rejected(**row) for row in rejected]


def _judged(row: Mapping[str, Any]) -> Judged:
    evidence = row["evidence"]
    return Judged(
        site=row["suspect_site"],
        title=row["suspect_title"] or row["suspect_id"],
        relation=row["relation"],
        score=nan if row["score"] is None else row["score"],
        cannot_tell=row["cannot_tell"],
        source_site=row["source_site"] or "",
        source_title=row["source_title"] or row["source_id"] or "",
        why=evidence[0]["text"] if evidence else "",
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
    derived = sorted((j for j in judged if j.cannot_tell != NO_SOURCE), key=_rank)
    alone = [j for j in judged if j.cannot_tell == NO_SOURCE]
    sites = len({j.site for j in judged})
    parts = [
        f"{_number(len(judged), 'article')} of {_number(sites, 'site')} judged, "
        f"{_number(len(rejected), 'input')} rejected.",
        _derived(derived, width, paint),
        _section("No source for these in the crawl: they were here first, or their source was not",
                 [(j.site, j.title) for j in alone], ("site", "article"), width, paint),
        _section("Rejected", [_reject_row(r) for r in rejected], ("input", "where", "why"),
                 width, paint),
        f"Results: {tame(folder)}/ (verdicts, articles and rejected as Parquet; summary.json)",
        NEXT_STEPS,
    ]  # fmt: skip
    return "\n\n".join(part for part in parts if part)


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


def _rank(judged: Judged) -> tuple[int, float]:
    """Order by how much the verdict says against the article: machine, hand, copy, excerpt."""
    told = judged.relation is not None
    return (-RELATIONS.index(judged.relation) if told and judged.relation else 1, -judged.score)


def _derived(judged: Sequence[Judged], width: int, paint: Paint) -> str:
    """Set one row an article, and under it the source and the strongest reason."""
    if not judged:
        return ""
    rows = [(j.site, j.title, _verdict_in_words(j), _score_in_words(j)) for j in judged]
    head, *lines = table(HEAD, rows, width=width).split("\n")
    blocks = [
        "\n".join([_painted(line, j, paint), *_reasons(j, width)])
        for line, j in zip(lines, judged, strict=True)
    ]
    return "\n".join([paint(head, "bold"), *blocks])


def _verdict_in_words(judged: Judged) -> str:
    return SHORT_RELATION_WORDS[judged.relation] if judged.relation else "cannot tell"


def _score_in_words(judged: Judged) -> str:
    words = likelihood_in_words(judged.score)
    return f"{words} ({judged.score:.2f})" if judged.score >= 0 else words


def _painted(line: str, judged: Judged, paint: Paint) -> str:
    if judged.relation == MACHINE:
        return paint(line, "red")
    return line if judged.relation else paint(line, "yellow")


def _reasons(judged: Judged, width: int) -> list[str]:
    doubt = reason_in_words(judged.cannot_tell) if judged.cannot_tell else ""
    source = f"source: {judged.source_site}, “{judged.source_title}”" if judged.source_title else ""
    why = doubt or judged.why
    lines = [source, f"why: {why}" if why else ""]
    return [wrap(line, width, first="    ", rest="    ") for line in lines if line]


def _reject_row(rejected: Rejected) -> tuple[str, str, str]:
    return tame(rejected.input), rejected.position, reason_in_words(rejected.reason)


def _section(
    title: str, rows: Sequence[Sequence[str]], head: Sequence[str], width: int, paint: Paint
) -> str:
    if not rows:
        return ""
    return f"{paint(title, 'bold')}\n{table(head, rows, width=width)}"
