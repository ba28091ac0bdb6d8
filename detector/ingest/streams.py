"""Input as a seekable stream of bytes: unpacked, bounded, line by line."""

from __future__ import annotations

import io
import shutil
import zlib
from codecs import getincrementaldecoder
from collections.abc import Iterator
from contextlib import contextmanager
from gzip import GzipFile
from itertools import chain
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, AnyStr, BinaryIO, cast

from detector.ingest.charset import decode, known_charset, wide_mark
from detector.ingest.limits import (
    GZIP_RATIO_FROM,
    MAX_GZIP_LAYERS,
    MAX_GZIP_RATIO,
    MAX_LINE_BYTES,
)

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

GZIP_MAGIC = b"\x1f\x8b"
# Enough for any prologue of a feed and for the header of a table.
HEAD_BYTES = 65_536


class BombError(OSError):
    """A packed stream that unpacks beyond all proportion."""


def seekable(stream: BinaryIO) -> BinaryIO:
    """Give a stream that can be read twice, by way of a temporary file where it must be."""
    if stream.seekable():
        return stream
    spooled = cast("BinaryIO", TemporaryFile())  # noqa: SIM115 - closed with the input
    shutil.copyfileobj(stream, spooled)
    spooled.seek(0)
    return spooled


@contextmanager
def in_any_order(stream: BinaryIO) -> Iterator[BinaryIO]:
    """Give a stream that can be read in any order; a packed one starts over at each step back."""
    if not isinstance(getattr(stream, "raw", None), _Unpacked):
        yield stream
        return
    stream.seek(0)
    with TemporaryFile() as spooled:
        shutil.copyfileobj(stream, spooled)
        spooled.seek(0)
        yield cast("BinaryIO", spooled)


def unpacked(stream: BinaryIO) -> tuple[BinaryIO, BinaryIO]:
    """Take off the gzip layers of a seekable stream.

    Returns
    -------
    tuple of BinaryIO
        The bytes inside; and those one layer further out, for a reader that
        unpacks records on its own (the same stream where nothing is packed).
    """
    outer = origin = stream
    for _ in range(MAX_GZIP_LAYERS):
        if head(stream, len(GZIP_MAGIC)) != GZIP_MAGIC:
            break
        outer = stream
        stream = cast("BinaryIO", io.BufferedReader(_Unpacked(stream, origin)))
    return stream, outer


class _Unpacked(io.RawIOBase):
    """What is inside a gzip stream, all of it up to where the stream breaks off.

    `GzipFile` alone would read ahead into the break and lose what stands before it.
    """

    def __init__(self, packed: BinaryIO, origin: BinaryIO) -> None:
        self._origin = origin  # the outermost layer
        self._file = GzipFile(fileobj=packed, mode="rb")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        part = self._file.read1(len(view))
        unpacked = self._file.tell()
        if unpacked > GZIP_RATIO_FROM and unpacked > MAX_GZIP_RATIO * self._origin.tell():
            raise BombError(f"unpacks to more than {MAX_GZIP_RATIO} times its size")
        view[: len(part)] = part
        return len(part)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()


def head(stream: BinaryIO, size: int = HEAD_BYTES) -> bytes:
    """Look at the first bytes of a seekable stream."""
    stream.seek(0)
    try:
        first = stream.read(size)
    except (OSError, EOFError, zlib.error) as error:
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
    except (OSError, EOFError, zlib.error):
        pass
    return bytes(read)


def lines(stream: BinaryIO) -> Iterator[str | None]:
    """Give the lines of a text stream, ends included; None for one too long to be a record."""
    wide = wide_mark(head(stream, 4096))
    if wide:
        with _as_text(stream, wide) as text:
            # `yield from` would close the stream together with this generator.
            for line in _bounded(text, "\n"):  # noqa: UP028
                yield line
        return
    for part in _bounded(stream, b"\n"):
        yield part if part is None else decode(part)


def _bounded(stream: IO[AnyStr], end: AnyStr) -> Iterator[AnyStr | None]:
    """Give the lines of a stream; None for one beyond the bound, which is not kept."""
    while part := stream.readline(MAX_LINE_BYTES):
        if len(part) < MAX_LINE_BYTES or part.endswith(end):
            yield part
        else:
            while (part := stream.readline(1 << 20)) and not part.endswith(end):
                pass
            yield None


class ToBreak:
    """A stream's bytes in pieces, all of them up to where its packing breaks off.

    For readers that gather pieces and would lose those before an error.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self._error: Exception | None = None

    def __iter__(self) -> Iterator[bytes]:
        try:
            while piece := cast("io.BufferedReader", self.stream).read1(HEAD_BYTES):
                yield piece
        except (OSError, EOFError, zlib.error) as error:
            self._error = error

    def check(self) -> None:
        """Raise what the stream broke off with, if it did."""
        if self._error:
            raise self._error


def parts(source: ToBreak, *, declared: str = "") -> Iterator[str]:
    """Give a text stream in pieces that are cut anywhere but within a character.

    Parameters
    ----------
    source : is read from its beginning
    declared : the charset that the text names; one that is unknown does not count
    """
    charset = wide_mark(head(source.stream, 4096)) or known_charset(declared) or "utf-8"
    decoder = getincrementaldecoder(charset)("replace")
    mark = "\ufeff"
    for piece in chain(source, (b"",)):
        if text := decoder.decode(piece, final=not piece):
            if part := text.removeprefix(mark):
                yield part
            mark = ""


@contextmanager
def _as_text(stream: BinaryIO, charset: str) -> Iterator[io.TextIOWrapper]:
    """Read a stream as text past its mark, and leave it open."""
    text = io.TextIOWrapper(stream, charset, errors="replace", newline="")
    try:
        if text.read(1) != "\ufeff":
            text.seek(0)
        yield text
    finally:
        text.detach()
