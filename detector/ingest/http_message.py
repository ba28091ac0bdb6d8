"""One HTTP response as archives store it: status, type, charset and body.

Archives keep headers that no longer hold, such as a chunked encoding that the crawler has undone
already, and lines that end as they like. So a header is a hint, and the body decides.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from gzip import GzipFile
from importlib import import_module
from io import BytesIO
from typing import Any

from detector.ingest.streams import GZIP_MAGIC

_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(r"HTTP/[\d.]+\s+(\d{3})")
_CHARSET = re.compile(r"charset\s*+=\s*+[\"']?+\s*+([\w.:-]{1,40})", re.IGNORECASE)
_CUT_SIZE = re.compile(rb"\s*[0-9a-fA-F]{0,8}[ \t]*+(?:;[^\r\n]{0,200})?\r?")
_CHUNK_SIZE = re.compile(rb"\s*([0-9a-fA-F]{1,8})[ \t]*+(?:;[^\r\n]{0,200})?\r?\n")


@dataclass(frozen=True, slots=True)
class Response:
    """What of a response tells whether it holds an article."""

    status: int  # 200 where the record holds no status line
    media_type: str  # lower case; "" when not declared
    charset: str  # as declared; ""
    body: bytes  # decoded


class OversizeError(ValueError):
    """A packed body that unpacks beyond the bound."""


def parse_response(block: bytes, *, bound: int) -> Response:
    """Take a stored response apart.

    Parameters
    ----------
    block : status line, headers and body; or a body alone
    bound : bytes that the unpacked body may have

    Raises
    ------
    OversizeError
        Where it has more.
    """
    parted = _END_OF_HEADERS.search(block) if block.startswith(b"HTTP/") else None
    if parted is None:
        return Response(200, "", "", block)
    first, *rest = block[: parted.start()].decode("latin-1").splitlines()
    headers: dict[str, str] = {}
    for line in rest:
        name, _, value = line.partition(":")
        headers.setdefault(name.strip().lower(), value.strip())
    body = block[parted.end() :]
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = _unchunked(body)
    status = _STATUS.match(first)
    declared = headers.get("content-type", "")
    charset = _CHARSET.search(declared)
    return Response(
        int(status[1]) if status else 0,
        declared.partition(";")[0].strip().lower(),
        charset[1] if charset else "",
        _unpacked(body, headers.get("content-encoding", "").lower(), bound),
    )


def _unchunked(body: bytes) -> bytes:
    """Join the chunks of a body; one that is not in chunks, or not to its end, stays as it is.

    A body that the crawler has joined already may begin with what looks like a size. Behind a
    first whole chunk it may be cut short anywhere.
    """
    joined, position = bytearray(), 0
    while found := _CHUNK_SIZE.match(body, position):
        start, position = found.end(), found.end() + int(found[1], 16)
        if position == start:
            return bytes(joined) or body
        if joined and position > len(body):
            return bytes(joined + body[start:])
        joined += body[start:position]
    is_cut = position <= len(body) and _CUT_SIZE.fullmatch(body, position) is not None
    return bytes(joined) if is_cut and joined else body


def _unpacked(body: bytes, encoding: str, bound: int) -> bytes:
    """Undo the content's encoding where it is still there."""
    if encoding == "br":
        return _brotli(body, bound)
    if body.startswith(GZIP_MAGIC):
        return _bounded(_gunzipped(body, bound), bound) or body
    packed = encoding not in ("", "identity")
    for window in (zlib.MAX_WBITS, -zlib.MAX_WBITS)[: packed + (encoding == "deflate")]:
        try:
            whole = zlib.decompressobj(window).decompress(body, bound + 1)
        except zlib.error:
            continue
        return _bounded(whole, bound)
    return body


def _gunzipped(body: bytes, bound: int) -> bytes:
    """Unpack one gzip member after another, up to a break or a little beyond the bound."""
    packed, whole = GzipFile(fileobj=BytesIO(body)), bytearray()
    try:
        while len(whole) <= bound and (part := packed.read1(bound + 1)):
            whole += part
    except (EOFError, OSError, zlib.error):
        pass  # behind the last member there may be anything
    return bytes(whole)


def _brotli(body: bytes, bound: int) -> bytes:
    """Undo Brotli, where its library came with the others; else leave it to be refused."""
    try:
        brotli: Any = import_module("brotli")
    except ImportError:
        return body
    try:
        whole = brotli.Decompressor().process(body, output_buffer_limit=bound + 1)
    except brotli.error:
        return body
    return _bounded(whole, bound)


def _bounded(whole: bytes, bound: int) -> bytes:
    """Refuse what is longer than the bound."""
    if len(whole) > bound:
        raise OversizeError(f"unpacks to more than {bound} bytes")
    return whole
