"""One HTTP response as archives store it: status, type, charset and body.

Archives keep headers that no longer hold, such as a chunked encoding that the crawler has undone
already, and lines that end as they like. So a header is a hint, and the body decides.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from importlib import import_module
from typing import Any

_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(r"HTTP/[\d.]+\s+(\d{3})")
_CHARSET = re.compile(r"charset\s*+=\s*+[\"']?+\s*+([\w.:-]{1,40})", re.IGNORECASE)
_CHUNK_SIZE = re.compile(rb"\s*([0-9a-fA-F]{1,8})[^\r\n]{0,200}\r?\n")
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32


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
    """Join the chunks of a body; a body that is not in chunks stays as it is."""
    joined, position = bytearray(), 0
    while found := _CHUNK_SIZE.match(body, position):
        size = int(found[1], 16)
        joined += body[found.end() : found.end() + size]
        position = found.end() + size
        if not size:
            break
    return bytes(joined) or body


def _unpacked(body: bytes, encoding: str, bound: int) -> bytes:
    """Undo the content's encoding where it is still there."""
    if encoding == "br":
        return _brotli(body, bound)
    for window in (_GZIP_OR_ZLIB, -zlib.MAX_WBITS) if encoding == "deflate" else (_GZIP_OR_ZLIB,):
        if encoding not in ("", "identity") or body.startswith(b"\x1f\x8b"):
            unpack = zlib.decompressobj(window)
            try:
                whole = unpack.decompress(body, bound + 1)
            except zlib.error:
                continue
            return _bounded(whole, bound)
    return body


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
