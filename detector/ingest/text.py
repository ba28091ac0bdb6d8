"""Plain text, or a fragment of HTML: one file, one article."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from detector.ingest.articles import Facts, Place, article_of_field
from detector.ingest.charset import decode
from detector.ingest.limits import MAX_TEXT_BYTES
from detector.records import Article, Rejected


def read_text(stream: BinaryIO, name: str) -> Iterator[Article | Rejected]:
    """Read a whole text as one article, "too_large" where it is none."""
    data = stream.read(MAX_TEXT_BYTES + 1)
    if len(data) > MAX_TEXT_BYTES:
        yield Place(name).rejected("too_large", f"over {MAX_TEXT_BYTES} bytes of plain text")
        return
    yield article_of_field(decode(data), Facts(), Place(name))
