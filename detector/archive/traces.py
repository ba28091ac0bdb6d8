"""By what a forgotten article is known when it comes again, and what goes with it.

A digest is of address and text to the letter: a changed comma, or ``http`` for ``https``, makes
another. So hashes of the page and of the words are kept beside it, and no word.
"""

from __future__ import annotations

import hashlib
import re

import pyarrow as pa

from detector.hosts import canonical_url
from detector.store import VERDICTS

# Before the hash, so that digests and traces are told apart.
_PAGE, _WORDS = "page:", "words:"
TRACES = pa.schema([("id", pa.string()), ("trace", pa.string())])
# What traces are taken from.
TRACED = ("id", "url", "text")
# Of what a run found, the articles that are forgotten ones.
RETURNED = """
select distinct t.id from traces t join {archive}forgotten f on f.digest = t.trace
"""
# What was made from a forgotten article `g`, one of all the `names`, keeps its verdict `v`, and
# loses every word of the source. `{item}` begins a lambda of `item`, the one thing that the engines
# write each in its own way.
_REDACTED = {
    "evidence": "filter(v.evidence, {item} g.id is null)",
    "source_title": "case when g.id is null then v.source_title end",
    "source_url": "case when g.id is null then v.source_url end",
    "source_id": "case when g.id is null then v.source_id end",
    "other_sources": "filter(v.other_sources,"
    " {item} not coalesce(array_contains(names.ids, item.id), false))",
}
REDACTED = ", ".join(f"{_REDACTED.get(name, f'v.{name}')} as {name}" for name in VERDICTS.names)


def traces_of(articles: pa.RecordBatch) -> pa.RecordBatch:
    """Give what each article is known by, apart from its digest: TRACED -> TRACES."""
    rows = [
        {"id": row["id"], "trace": trace}
        for row in articles.to_pylist()
        for trace in _traces(row["url"], row["text"])
    ]
    return pa.RecordBatch.from_pylist(rows, TRACES)


def _traces(url: str, text: str) -> list[str]:
    """Hash the page, under whatever scheme, and the letters and figures of the text."""
    page = canonical_url(url).partition("://")[2].removeprefix("www.").rstrip("/")
    words = "".join(re.findall(r"\w+", text.casefold()))
    named = ((_PAGE, page), (_WORDS, words))
    return [f"{name}{_hash(what)}" for name, what in named if what]


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
