"""The stages as pure functions of Arrow record batches; no function knows who calls it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pyarrow as pa

from detector.clean import clean, unfit
from detector.features.profile import Profile, profile
from detector.licences import Licences, licensed
from detector.pipeline import Choice, choose, judge_choices
from detector.records import Article
from detector.segment import segment
from detector.sketch import sketch
from detector.store import (
    ARTICLES,
    VERDICTS,
    Row,
    article_of,
    article_row,
    batch_of,
    digest_of,
    verdict_row,
)

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
        # Microseconds UTC: when it was published or, where that is unknown, fetched.
        ("time", pa.int64()),
        ("digest", pa.string()),  # of URL and text: the same article twice has the same
        ("terms", pa.list_(pa.int64())),
        ("weights", pa.list_(pa.int32())),
    ]
)
# A prepared article without its text and its terms.
RECORDS = pa.schema([f for f in PREPARED if f.name not in ("text", "terms", "weights")])
# What the terms are laid out from.
SKETCHED = ["article", "published", "url", "terms", "weights"]
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
        "time": _microseconds(article.published or article.fetched),
        "digest": digest_of(article),
        "terms": list(weights),
        "weights": list(weights.values()),
    }


def records_of(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Leave out texts and terms: PREPARED -> RECORDS."""
    return batch.select(RECORDS.names)


def texts_of(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Keep the articles alone: PREPARED -> ARTICLES, row for row."""
    return batch.select(ARTICLES.names)


def terms_of(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Lay out the sketches, one row a term: PREPARED -> TERMS."""
    rows = [row for row in batch.select(SKETCHED).to_pylist() if row["terms"]]
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


def granted(verdicts: pa.RecordBatch, licences: Licences) -> pa.RecordBatch:
    """Say which reuse is licensed: VERDICTS -> VERDICTS, row for row."""
    rows = verdicts.select(["suspect_site", "source_site", "attributed"]).to_pylist()
    told = [licensed(row, licences)["attributed"] for row in rows]
    place = VERDICTS.get_field_index("attributed")
    return verdicts.cast(VERDICTS).set_column(
        place, VERDICTS.field(place), pa.array(told, pa.string())
    )


Profiled: TypeAlias = Callable[[Article], Profile]


def judged(asked: pa.RecordBatch, model: Model) -> pa.RecordBatch:
    """Choose each suspect's source and judge the pair: ASKED -> JUDGED, row for row."""
    profiled: Profiled = cache(lambda article: profile(segment(article)))
    choices = [_choice(row, profiled) for row in asked.to_pylist()]
    rows = [
        verdict_row(verdict) | {"alignments": choice.alignments}
        for verdict, choice in zip(judge_choices(choices, model), choices, strict=True)
    ]
    return batch_of(rows, JUDGED)


def _choice(row: Row, profiled: Profiled) -> Choice:
    sources = [profiled(article_of(source)) for source in row["sources"]]
    return choose(profiled(article_of(row["suspect"])), sources)
