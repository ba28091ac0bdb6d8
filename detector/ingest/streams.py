"""Input as a seekable stream of bytes: unpacked, bounded, line by line."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from gzip import GzipFile
from tempfile import TemporaryFile
from typing import BinaryIO, cast

from detector.ingest.charset import decode, wide_mark

GZIP_MAGIC = b"\x1f\x8b"
# Enough for any prologue of a feed and for the header of a table.
HEAD_BYTES = 65_536
# Files are gzipped twice by mistake, never four times but to attack.
_MAX_LAYERS = 3
# A longer line is no record: the longest book in English has 12 million characters.
MAX_LINE_BYTES = 64_000_000


def seekable(stream: BinaryIO) -> BinaryIO:
    """Give a stream that can be read twice, by way of a temporary file where it must be."""
    if stream.seekable():
        return stream
    spooled = cast("BinaryIO", TemporaryFile())  # noqa: SIM115 - closed with the input
    shutil.copyfileobj(stream, spooled)
    spooled.seek(0)
    return spooled


def sized(stream: BinaryIO) -> BinaryIO:
    """Give a stream that can be sought from its end, which a packed one cannot."""
    try:
        stream.seek(0, io.SEEK_END)
    except (OSError, ValueError):
        stream.seek(0)
        spooled = cast("BinaryIO", TemporaryFile())  # noqa: SIM115 - closed with its last reader
        shutil.copyfileobj(stream, spooled)
        stream = spooled
    stream.seek(0)
    return stream


def unpacked(stream: BinaryIO) -> tuple[BinaryIO, BinaryIO]:
    """Take off the gzip layers of a seekable stream.

    Returns
    -------
    tuple of BinaryIO
        The bytes inside; and those one layer further out, for a reader that
        unpacks records on its own (the same stream where nothing is packed).
    """
    outer = stream
    for _ in range(_MAX_LAYERS):
        if head(stream, len(GZIP_MAGIC)) != GZIP_MAGIC:
            break
        outer = stream
        stream = cast("BinaryIO", io.BufferedReader(GzipFile(fileobj=stream)))
    return stream, outer


def head(stream: BinaryIO, size: int = HEAD_BYTES) -> bytes:
    """Look at the first bytes of a seekable stream."""
    stream.seek(0)
    try:
        first = stream.read(size)
    except (OSError, EOFError) as error:
        # A packed stream that ends early still has a beginning to judge by.
        first = _readable(stream, size)
        if not first:
            raise error from None
    stream.seek(0)
    return first


def _readable(stream: BinaryIO, size: int) -> bytes:
    """Read byte by byte up to where a broken stream breaks."""
    stream.seek(0)
    read = bytearray()
    try:
        while len(read) < size and (byte := stream.read(1)):
            read += byte
    except (OSError, EOFError):
        pass
    return bytes(read)


def lines(stream: BinaryIO) -> Iterator[str | None]:
    """Give the lines of a text stream, ends included; None for one too long to be a record."""
    wide = wide_mark(head(stream, 4096))
    if wide:
        yield from io.TextIOWrapper(stream, wide, errors="replace")
        return
    while line := stream.readline(MAX_LINE_BYTES):
        if len(line) < MAX_LINE_BYTES or line.endswith(b"\n"):
            yield decode(line)
        else:
            _skip_line(stream)
            yield None


def _skip_line(stream: BinaryIO) -> None:
    """Read on to the end of a line without keeping it."""
    while (part := stream.readline(1 << 20)) and not part.endswith(b"\n"):
        pass


def parts(stream: BinaryIO) -> Iterator[str]:
    """Give a text stream in pieces that are cut anywhere but within a character."""
    charset = wide_mark(head(stream, 4096)) or "utf-8-sig"
    text = io.TextIOWrapper(stream, charset, errors="replace")
    try:
        while part := text.read(HEAD_BYTES):
            yield part
    finally:
        text.detach()
