"""The stages as pure functions of Arrow record batches; no function knows who calls it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pyarrow as pa

from detector.align import align
from detector.clean import clean, unfit
from detector.evidence import evidence
from detector.features import measure, measure_alone
from detector.features.comparison import Comparison, compare
from detector.features.profile import Profile, profile
from detector.records import Alignment, Article, Pair, Verdict
from detector.segment import segment
from detector.sketch import sketch
from detector.store import ARTICLES, VERDICTS, Row, article_of, article_row, batch_of, verdict_row
from detector.verdict import decide, no_source

if TYPE_CHECKING:
    from detector.classify import Model

# ---------------------------------------------------------------- schemas

_PLACE = [("article", pa.int64()), ("input", pa.string()), ("position", pa.string())]
_REASON = [("reason", pa.string()), ("detail", pa.string())]
# What a reader found: an article, or with a reason why there is none.
FOUND = pa.schema([*_PLACE, *_REASON, *ARTICLES])
PREPARED = pa.schema(
    [
        *FOUND,
        ("digest", pa.string()),  # of URL and text: the same article twice has the same
        ("terms", pa.list_(pa.int64())),
        ("weights", pa.list_(pa.int32())),
    ]
)
# A prepared article without its text and its terms.
RECORDS = pa.schema([f for f in PREPARED if f.name not in ("text", "terms", "weights")])
TERMS = pa.schema(
    [
        ("article", pa.int64()),
        ("term", pa.int64()),
        ("weight", pa.int32()),
        ("published", pa.int64()),  # microseconds UTC
        ("page", pa.int64()),  # hash of the URL
    ]
)
# A suspect and those that may be its source, likeliest first.
ASKED = pa.schema([("suspect", pa.struct(ARTICLES)), ("sources", pa.list_(pa.struct(ARTICLES)))])
JUDGED = pa.schema([*VERDICTS, ("alignments", pa.int32())])

# ---------------------------------------------------------------- preparing


def prepared(found: pa.RecordBatch) -> pa.RecordBatch:
    """Clean each article, reject the unfit, sketch the others: FOUND -> PREPARED."""
    return batch_of(map(_prepared, found.to_pylist()), PREPARED)


def _prepared(row: Row) -> Row:
    if row["reason"]:
        return row
    article = clean(article_of(row))
    reason = unfit(article)
    if reason:
        return row | {"reason": reason, "text": ""}
    weights = sketch(segment(article)).weights
    return row | {
        **article_row(article),
        "digest": _digest(article),
        "terms": list(weights),
        "weights": list(weights.values()),
    }


def _digest(article: Article) -> str:
    """Identify an article: 32 hexadecimal digits. Without a URL, its id has to tell it apart."""
    where = article.url or f"id {article.id}"
    return hashlib.blake2b(f"{where}\n{article.text}".encode(), digest_size=16).hexdigest()


def records_of(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Leave out texts and terms: PREPARED -> RECORDS."""
    return batch.select(RECORDS.names)


def texts_of(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Keep the articles alone: PREPARED -> ARTICLES, row for row."""
    return batch.select(ARTICLES.names)


def terms_of(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Lay out the sketches, one row a term: PREPARED -> TERMS."""
    rows = [row for row in batch.drop_columns(["text"]).to_pylist() if row["terms"]]
    sizes = [len(row["terms"]) for row in rows]

    def repeated(values: Sequence[int | None]) -> pa.Array:
        return pa.array(values, pa.int64()).take(pa.array(np.repeat(np.arange(len(rows)), sizes)))

    columns = [
        repeated([row["article"] for row in rows]),
        pa.array([term for row in rows for term in row["terms"]], pa.int64()),
        pa.array([weight for row in rows for weight in row["weights"]], pa.int32()),
        repeated([_microseconds(row["published"]) for row in rows]),
        repeated([_page(row["url"]) for row in rows]),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=TERMS)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _microseconds(time: datetime | None) -> int | None:
    return None if time is None else (time - _EPOCH) // timedelta(microseconds=1)


def _page(url: str) -> int | None:
    if not url:
        return None
    return int.from_bytes(hashlib.blake2b(url.encode(), digest_size=8).digest(), "big", signed=True)


# ---------------------------------------------------------------- judging

# Of sources that cover the suspect nearly alike the earliest counts: the others are copies of it
# or were made from it. Machine rewrites differ by less from copy to copy.
AS_GOOD = 0.05
# A candidate that explains less of the suspect is not reported as its source: shared topics alone
# reach this. Of 450 rewrites, excerpts and merged articles .985 cover more with their source; half
# of the mirror's articles as they are cover less with their best candidate.
LEAST_COVERAGE = 0.15

Profiled: TypeAlias = Callable[[Article], Profile]


@dataclass(frozen=True)
class Choice:
    """A suspect, its best source if it has one, and how many were aligned to find it."""

    suspect: Profile
    best: Comparison | None
    alignments: int


def judged(asked: pa.RecordBatch, model: Model) -> pa.RecordBatch:
    """Choose each suspect's source and judge the pair: ASKED -> JUDGED, row for row."""
    profiled: Profiled = cache(lambda article: profile(segment(article)))
    choices = [_choice(row, profiled) for row in asked.to_pylist()]
    verdicts = _verdicts(choices, model)
    rows = [
        verdict_row(verdict) | {"alignments": choice.alignments}
        for verdict, choice in zip(verdicts, choices, strict=True)
    ]
    return batch_of(rows, JUDGED)


def _choice(row: Row, profiled: Profiled) -> Choice:
    suspect = profiled(article_of(row["suspect"]))
    sources = [profiled(article_of(source)) for source in row["sources"]]
    aligned = [align(Pair(suspect.segments, source.segments)) for source in sources]
    place = best_source(aligned)
    best = None if place is None else compare(aligned[place], suspect, sources[place])
    return Choice(suspect, best, len(aligned))


def best_source(aligned: Sequence[Alignment]) -> int | None:
    """Choose the alignment that explains most of the suspect, as its place; None if all are poor.

    Among nearly equal ones the earliest source wins, among those the first in the sequence.
    """
    most = max((a.coverage for a in aligned), default=0.0)
    if most < LEAST_COVERAGE:
        return None
    close = [i for i, a in enumerate(aligned) if a.coverage >= most - AS_GOOD]
    return min(close, key=lambda i: _time(aligned[i].pair.source.article))


def _time(article: Article) -> datetime:
    return article.published or datetime.max.replace(tzinfo=UTC)


def _verdicts(choices: Sequence[Choice], model: Model) -> list[Verdict]:
    """Judge pairs in one call of the model, and in one more what turns out to have no source."""
    compared = list(_compared(choices, model))
    alone = [c.suspect for c, verdict in zip(choices, compared, strict=True) if verdict is None]
    scores = model.opinions_alone(np.array([measure_alone(suspect) for suspect in alone]))
    weaker = (
        no_source(suspect.segments.article, score, id=suspect.segments.article.id, model=model)
        for suspect, score in zip(alone, scores, strict=True)
    )
    return [next(weaker) if verdict is None else verdict for verdict in compared]


def _compared(choices: Sequence[Choice], model: Model) -> Iterator[Verdict | None]:
    """Judge each suspect against its best source; None where that has nothing to do with it."""
    rows = [measure(choice.best) for choice in choices if choice.best]
    opinions = iter(model.opinions(np.array(rows)))
    for choice in choices:
        if choice.best is None:
            yield None
            continue
        c, name = choice.best, choice.suspect.segments.article.id
        verdict = decide(c.alignment, next(opinions), evidence(c), id=name, model=model)
        yield None if verdict.relation == "unrelated" else verdict
