"""From what the user named to articles: open, unpack, tell the kind, hand to its reader."""

from __future__ import annotations

import io
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from gzip import BadGzipFile
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from detector.errors import DetectorError
from detector.ingest.articles import Facts, Place
from detector.ingest.deadline import TooSlowError, in_time
from detector.ingest.feeds import read_feed
from detector.ingest.fields import PAGE_FIELDS, TEXT_FIELDS
from detector.ingest.inputs import STDIN, Input, find_inputs
from detector.ingest.json_records import read_json
from detector.ingest.kinds import Kind, kind_of
from detector.ingest.limits import MAX_PAGE_BYTES
from detector.ingest.pages import article_of_page
from detector.ingest.streams import BombError, head, seekable, unpacked
from detector.ingest.tables import read_csv, read_parquet
from detector.ingest.text import read_text
from detector.ingest.warc import read_warc
from detector.records import Article, Rejected

Outcomes = Iterator[Article | Rejected]


def read(inputs: Sequence[str | Path], *, stdin: BinaryIO | None = None) -> Outcomes:
    """Read every article of the inputs, one at a time.

    Parameters
    ----------
    inputs : files, folders (read through, sorted), globs, "-" for standard
        input; packed with gzip or not. What each is, its bytes tell.
    stdin : stands in for the process's standard input

    Yields
    ------
    Article or Rejected
        In the order of the inputs; what could not be read comes as Rejected,
        with its place and the reason, and reading goes on.

    Raises
    ------
    DetectorError
        At the call where a name stands for nothing; while reading where a file
        that the user named cannot be opened.
    """
    return _outcomes(find_inputs(inputs), stdin)


def read_bytes(data: bytes, *, name: str) -> Outcomes:
    """Read every article of one input that is in memory.

    Parameters
    ----------
    data : what the file would hold
    name : stands in `Rejected.input`
    """
    return _read_stream(io.BytesIO(data), name)


def _outcomes(found: Iterator[Input | Rejected], stdin: BinaryIO | None) -> Outcomes:
    """Read one input after another."""
    for entry in found:
        if isinstance(entry, Rejected):
            yield entry
        elif entry.name == STDIN:
            yield from _read_standard_input(stdin or _standard_input())
        else:
            yield from _read_file(entry)


def _standard_input() -> BinaryIO:
    if sys.stdin is None:
        raise DetectorError("standard input is closed", hint="pipe an article in, or name a file")
    return sys.stdin.buffer


def _read_standard_input(stdin: BinaryIO) -> Outcomes:
    """Read a stream that is not ours to close."""
    stream = seekable(stdin)
    yield from _read_stream(stream, STDIN)
    if stream is not stdin:
        stream.close()


def _read_file(entry: Input) -> Outcomes:
    """Open a file and read it."""
    try:
        file = Path(entry.name).open("rb")  # noqa: SIM115 - closed below
    except OSError as error:
        if entry.named:
            what = f"cannot read {entry.name}: {error.strerror}"
            raise DetectorError(what, hint="check the file's permissions") from error
        yield Place(entry.name).rejected("unreadable", error.strerror or "")
        return
    with file, closing(seekable(file)) as stream:
        yield from _read_stream(stream, entry.name)


def _read_stream(stream: BinaryIO, name: str) -> Outcomes:
    """Tell what a stream is and read it; where its packing breaks off, say so."""
    try:
        inner, outer = unpacked(stream)
        kind = kind_of(head(inner))
        reader = READERS.get(kind)
        if reader is None:
            yield Place(name).rejected(*_REFUSED[kind])
        else:
            yield from _in_time(reader(outer if kind == "warc" else inner, name), name)
    except EOFError as error:
        yield Place(name).rejected("truncated", str(error))
    except BombError as error:
        yield Place(name).rejected("too_large", str(error))
    except (BadGzipFile, zlib.error) as error:
        yield Place(name).rejected("broken_gzip", str(error))
    except OSError as error:
        yield Place(name).rejected("unreadable", error.strerror or str(error))


def _in_time(outcomes: Outcomes, name: str) -> Outcomes:
    """Give up a reader that is too slow to come to its next article."""
    for number in count():
        try:
            with in_time():
                outcome = next(outcomes, None)
        except TooSlowError as error:
            what = f"{error}; the rest is not read"
            yield Place(name, f"after {number}").rejected("too_slow", what)
            return
        if outcome is None:
            return
        yield outcome


def _read_page(stream: BinaryIO, name: str) -> Outcomes:
    """Read one page."""
    yield article_of_page(stream.read(MAX_PAGE_BYTES + 1), Facts(), Place(name))


READERS: Mapping[Kind, Callable[[BinaryIO, str], Outcomes]] = MappingProxyType(
    {
        "warc": read_warc,
        "parquet": read_parquet,
        "feed": read_feed,
        "page": _read_page,
        "json": read_json,
        "csv": read_csv,
        "text": read_text,
    }
)
_REFUSED: Mapping[Kind, tuple[str, str]] = MappingProxyType(
    {
        "empty": ("no_text", "an empty file"),
        "binary": ("unknown_format", "neither text nor an archive that is read here"),
        "xml": ("unknown_format", "XML that is neither a feed nor a page"),
        "table": (
            "unknown_format",
            f"a table whose first line names no text; read is {', '.join(TEXT_FIELDS)} or"
            f" {', '.join(PAGE_FIELDS)}",
        ),
    }
)
