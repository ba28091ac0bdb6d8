from __future__ import annotations

import gzip
import sys
import tracemalloc
import zlib

import pytest
from hostile import brotli_bomb
from hypothesis import given
from hypothesis import strategies as st

from detector.ingest.http_message import OversizeError, parse_response

BODY = b"<html><body>The swing bridge closes on Monday.</body></html>"
BOUND = 10_000


def block(body: bytes, *headers: str, end: str = "\r\n") -> bytes:
    """Write a stored response."""
    lines = ["HTTP/1.1 200 OK", "Content-Type: Text/HTML; charset='latin1'", *headers, "", ""]
    return end.join(lines).encode() + body


def deflated(body: bytes) -> bytes:
    """Deflate without a header, as some servers do."""
    pack = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return pack.compress(body) + pack.flush()


def in_chunks(body: bytes) -> bytes:
    """Cut a body into chunks of seven bytes."""
    cuts = [body[at : at + 7] for at in range(0, len(body), 7)]
    return b"".join(b"%x;note=1\r\n%s\r\n" % (len(cut), cut) for cut in cuts) + b"0\r\n\r\n"


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_status_type_and_charset_are_read(end: str) -> None:
    """Header lines may end either way; names and types have no case."""
    response = parse_response(block(BODY, end=end), bound=BOUND)

    assert (response.status, response.media_type) == (200, "text/html")
    assert (response.charset, response.body) == ("latin1", BODY)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(BODY)),
        ("x-gzip", gzip.compress(BODY)),
        ("gzip", gzip.compress(BODY[:20]) + gzip.compress(BODY[20:])),
        ("gzip", gzip.compress(BODY) + b"\0\0 or whatever a server adds"),
        ("gzip", gzip.compress(BODY)[:-8]),
        ("deflate", zlib.compress(BODY)),
        ("deflate", deflated(BODY)),
        ("identity", BODY),
        ("gzip", BODY),
        ("br", BODY),
        ("", gzip.compress(BODY)),
    ],
)
def test_a_body_is_unpacked_where_it_still_is_packed(encoding: str, body: bytes) -> None:
    """A header that the crawler has dealt with already does no harm."""
    assert parse_response(block(body, f"Content-Encoding: {encoding}"), bound=BOUND).body == BODY


def test_brotli_is_unpacked() -> None:
    """The encoding that browsers get from most sites is understood."""
    brotli = pytest.importorskip("brotli")
    packed = block(brotli.compress(BODY), "content-encoding: br")

    assert parse_response(packed, bound=BOUND).body == BODY
    with pytest.raises(OversizeError):
        parse_response(packed, bound=10)


def test_brotli_unpacks_no_further_than_the_bound() -> None:
    """Kilobytes that unpack to gigabytes take the memory of the bound."""
    bomb = block(brotli_bomb(160_000_000), "content-encoding: br")
    tracemalloc.start()
    with pytest.raises(OversizeError):
        parse_response(bomb, bound=1_000_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert len(bomb) < 1000
    assert peak < 20_000_000


def test_without_its_library_a_brotli_body_stays_packed(monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be unpacked is handed on, to be refused as no page."""
    monkeypatch.setitem(sys.modules, "brotli", None)

    assert parse_response(block(BODY, "Content-Encoding: br"), bound=BOUND).body == BODY


@pytest.mark.parametrize(
    ("body", "joined"),
    [
        (in_chunks(BODY), BODY),
        (in_chunks(BODY)[:-9], BODY[:-2]),
        (b"5\r\nhello\r\n5\r\nworld\r\n", b"helloworld"),
        (b"5\r\nhello\r\n5\r\nworld", b"helloworld"),
        (b"5\r\nhello\r\n5", b"hello"),
        (b"5\r\nhello\r\n", b"hello"),
        (BODY, BODY),
        (b"2026 was a year of ferries.\n", b"2026 was a year of ferries.\n"),
        (b"2026\nA year of ferries.\n", b"2026\nA year of ferries.\n"),
        (b"3\r\nA year of ferries.\n", b"3\r\nA year of ferries.\n"),
    ],
)
def test_chunks_are_joined_where_there_are_any(body: bytes, joined: bytes) -> None:
    """A body that is in chunks no more stays whole, whatever it begins with."""
    assert parse_response(block(body, "Transfer-Encoding: chunked"), bound=BOUND).body == joined


def test_a_bomb_is_noticed_before_it_goes_off() -> None:
    """Unpacking stops at the bound."""
    bomb = block(gzip.compress(bytes(10_000_000)), "Content-Encoding: gzip")

    with pytest.raises(OversizeError):
        parse_response(bomb, bound=BOUND)


def test_a_body_without_headers_is_a_body() -> None:
    """What archives of old stored without HTTP is taken as it is."""
    assert parse_response(BODY, bound=BOUND).body == BODY


@given(st.binary(max_size=120), st.sampled_from(["gzip", "deflate", "br", "chunked", ""]))
def test_any_block_gives_a_response(junk: bytes, encoding: str) -> None:
    """No bytes make reading fail."""
    headers = (f"Content-Encoding: {encoding}", f"Transfer-Encoding: {encoding}")

    assert parse_response(block(junk, *headers), bound=BOUND)
    assert parse_response(b"HTTP/" + junk, bound=BOUND)
