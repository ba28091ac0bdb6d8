"""A judged crawl as the report needs it, read from the folder that a batch wrote."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from detector.errors import DetectorError
from detector.licences import NONE, Licences, licensed
from detector.mixture import ErrorRates
from detector.origins import Earlier, nothing_earlier, with_origins
from detector.records import RELATIONS, Article, Evidence, OtherSource, Verdict
from detector.rollup import SiteVerdict, finding, judge_site
from detector.store import ARTICLES, REJECTED, VERDICTS

if TYPE_CHECKING:
    import pyarrow.dataset as ds

Row: TypeAlias = Mapping[str, Any]

FILES = ("verdicts.parquet", "articles.parquet", "rejected.parquet", "summary.json")
NO_SITE = "(site unknown)"
# What a verdict says of an article, and what else the article has.
_TOLD = ("id", "url", "site", "title", "published")
_STORED = tuple(name for name in ARTICLES.names if name not in _TOLD)


@dataclass(frozen=True)
class Crawl:
    """The rows of a judged crawl, without the articles' texts."""

    verdicts: list[Row]  # as stored, what says most first
    rejected: list[Row]
    summary: Mapping[str, Any]
    sites: tuple[SiteVerdict, ...]  # what says most first


def site_of(row: Row) -> str:
    """Give the suspect's site, or words for that it is unknown."""
    return row["suspect_site"] or NO_SITE


def load_crawl(
    folder: Path, rates: ErrorRates, licences: Licences = NONE, earlier: Earlier = nothing_earlier
) -> Crawl:
    """Read a batch's folder and roll its verdicts up to sites.

    Parameters
    ----------
    folder : where `unspun batch` wrote; its tables are files or, from Spark, folders of files
    rates : the classifier's errors
    licences : those that the batch did not know of
    earlier : gives verdicts of earlier runs, which chains of copies are followed through

    Raises
    ------
    DetectorError
        Where a file of the batch is missing or cannot be read, or an earlier version wrote it.
    """
    import pyarrow.dataset as ds  # noqa: PLC0415 - slow to import

    missing = [name for name in FILES if not (folder / name).exists()]
    if missing:
        raise DetectorError(
            f"{folder} holds no finished batch: {missing[0]} is missing",
            hint="name the folder given to `unspun batch --out`",
        )
    for name, schema in zip(FILES, (VERDICTS, ARTICLES, REJECTED), strict=False):
        with _readable(folder / name):
            lacking = set(schema.names) - set(ds.dataset(folder / name).schema.names)
        if lacking:
            raise DetectorError(
                f"{folder} was judged by an earlier version: {name} lacks {min(lacking)}",
                hint="judge the crawl again into an empty folder",
            )
    stored, rejected = (_rows(folder / name) for name in (FILES[0], FILES[2]))
    with _readable(folder / FILES[3]):
        summary = json.loads((folder / FILES[3]).read_text(encoding="utf-8"))
    rows = with_origins((licensed(row, licences) for row in stored), earlier)
    verdicts = sorted(rows, key=_rank)
    return Crawl(verdicts, rejected, summary, tuple(_site_verdicts(verdicts, rates)))


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Say of a file that cannot be read, or is damaged, what can be done."""
    try:
        yield
    except PermissionError as error:
        raise DetectorError(
            f"cannot read {path}: permission denied", hint="check the rights of the file"
        ) from error
    except (OSError, ValueError) as error:  # what Arrow and JSON say of damage
        raise DetectorError(
            f"{path} is damaged or no file that batch wrote",
            hint="judge the crawl again into an empty folder",
        ) from error


def _rows(path: Path) -> list[Row]:
    import pyarrow.dataset as ds  # noqa: PLC0415 - slow to import

    with _readable(path):
        rows: list[Row] = ds.dataset(path).to_table().to_pylist()
    return rows


def _rank(row: Row) -> tuple[bool, int, float, str]:
    """Put accusations first, then what was taken, then what nothing can be told of."""
    told = row["relation"] is not None
    severity = RELATIONS.index(row["relation"]) if told else 0
    score = row["score"] if row["score"] is not None else 0.0
    return row["cannot_tell"] == "no_source", -severity, -score, row["id"]


def _texts(articles: ds.Dataset, columns: list[str]) -> Iterator[Row]:
    """Read articles a batch at a time: all texts at once may not fit."""
    ahead = {"batch_readahead": 1, "fragment_readahead": 1}
    for batch in articles.to_batches(batch_size=2000, columns=columns, **ahead):
        yield from batch.to_pylist()


def _site_verdicts(verdicts: list[Row], rates: ErrorRates) -> list[SiteVerdict]:
    by_site: dict[str, list[Row]] = {}
    for row in verdicts:
        by_site.setdefault(site_of(row), []).append(row)
    judged = (judge_site(site, map(finding, rows), rates) for site, rows in by_site.items())
    return sorted(judged, key=_site_rank)


def _site_rank(site: SiteVerdict) -> tuple[int, int, str]:
    """Put farms first, then copiers; within a label the larger site first."""
    order = ("content_farm", "copier", "aggregator", "cannot_tell", "original")
    return order.index(site.label), -site.articles, site.site


# ---------------------------------------------------------------- whole verdicts


def whole_verdicts(folder: Path, wanted: list[Row]) -> Iterator[tuple[Row, Verdict]]:
    """Give stored verdicts back with the texts of their articles, in the order of ``wanted``."""
    import pyarrow.dataset as ds  # noqa: PLC0415

    ids = {row[f"{side}_id"] for row in wanted for side in ("suspect", "source")}
    columns = ["id", *_STORED]
    with _readable(folder / FILES[1]):
        articles = ds.dataset(folder / FILES[1])
        kept = {row["id"]: row for row in _texts(articles, columns) if row["id"] in ids}
    for row in wanted:
        yield row, _verdict(row, kept)


def _verdict(row: Row, articles: Mapping[str, Row]) -> Verdict:
    suspect = _article(row, "suspect", articles)
    if suspect is None:
        raise DetectorError(
            f"articles.parquet lacks article {row['suspect_id']}, which a verdict names",
            hint="judge the crawl again into an empty folder",
        )
    return Verdict(
        id=row["id"],
        relation=row["relation"],
        score=_measured(row["score"]),
        family=row["family"],
        coverage=_measured(row["coverage"]),
        degree=_measured(row["degree"]),
        cannot_tell=row["cannot_tell"],
        suspect=suspect,
        source=_article(row, "source", articles),
        other_sources=tuple(OtherSource(**other) for other in row["other_sources"]),
        first=row["first"],
        attributed=row["attributed"],
        evidence=tuple(_evidence(item) for item in row["evidence"] or ()),
        model=row["model"],
        version=row["version"],
    )


def _article(row: Row, side: str, articles: Mapping[str, Row]) -> Article | None:
    """Join what the verdict knows of an article with its text; the source may not be stored."""
    found = articles.get(row[f"{side}_id"])
    if found is None:
        return None
    known = {name: row[f"{side}_{name}"] for name in _TOLD}
    stored = {name: found[name] for name in _STORED}
    return Article(**stored, **known)


def _evidence(item: Row) -> Evidence:
    def spans(side: str) -> tuple[tuple[int, int], ...]:
        return tuple((span[0], span[1]) for span in item[side] or ())

    return Evidence(item["kind"], item["text"], spans("suspect"), spans("source"))


def _measured(value: float | None) -> float:
    return float("nan") if value is None else value
