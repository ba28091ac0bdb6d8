from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pyarrow
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.ingest import read_bytes, warc
from detector.records import Article, Rejected

WORDS = "The swing bridge at Eastmere closes on Monday for a year of repairs, the council said. "
FETCHED = datetime(2018, 6, 6, 1, tzinfo=UTC)


def record(payload: bytes, kind: str = "response", url: str = "https://www.example.com/1") -> bytes:
    """Write one record."""
    header = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\n"
        f"WARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2018-06-06T01:00:00Z\r\n"
        f"Content-Length: {len(payload)}\r\n\r\n"
    )
    return header.encode() + payload + b"\r\n\r\n"


def response(body: bytes, media_type: str = "text/html", status: str = "200 OK") -> bytes:
    """Write a stored response."""
    return f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\n\r\n".encode() + body


def page(number: int) -> bytes:
    """Write a page, its number in the last sentence."""
    return (
        f"<html><body><article><p>{WORDS * 3}This is {number}.</p></article></body></html>".encode()
    )


THREE = [
    record(response(page(number)), url=f"https://www.example.com/{number}") for number in (1, 2, 3)
]
PACKINGS = {
    "plain": b"".join(THREE),
    "behind blank lines": b"\r\n\r\n" + b"".join(THREE),
    "behind a mark": b"\xef\xbb\xbf" + b"".join(THREE),
    "a record each": b"".join(map(gzip.compress, THREE)),
    "whole": gzip.compress(b"".join(THREE)),
    "twice": gzip.compress(b"".join(map(gzip.compress, THREE))),
}


@pytest.mark.parametrize("data", PACKINGS.values(), ids=PACKINGS)
def test_an_archive_is_read_however_it_is_packed(data: bytes) -> None:
    """Address and time of the visit come from the record, the text from the page."""
    outcomes = list(read_bytes(data, name="x"))

    assert [getattr(outcome, "url", "") for outcome in outcomes] == [
        f"https://www.example.com/{number}" for number in (1, 2, 3)
    ]
    assert all(isinstance(o, Article) and o.fetched == FETCHED for o in outcomes)
    assert all(isinstance(o, Article) and o.site == "example.com" for o in outcomes)


@pytest.mark.parametrize("codec", ["zstd", "lz4"])
def test_of_what_these_pack_only_archives_are_read(codec: str) -> None:
    """JSON lines packed like an archive are no archive that breaks off."""
    packed = pyarrow.compress(b'{"text": "The bridge closes."}\n', codec=codec, asbytes=True)
    (refused,) = read_bytes(packed, name="x")

    assert isinstance(refused, Rejected)
    assert refused.reason == "unknown_format"
    assert "Zstandard or LZ4" in refused.detail


def test_what_came_before_a_break_is_kept() -> None:
    """A clipped archive gives its whole pages, then one reason."""
    for data in (PACKINGS["plain"][:-100], PACKINGS["a record each"][:-40]):
        outcomes = list(read_bytes(data, name="x"))

        assert [type(outcome) for outcome in outcomes] == [Article, Article, Rejected]
        assert outcomes[2].reason == "truncated"


REFUSED = {
    "http_error": response(page(1), status="404 Not Found"),
    "not_a_page": response(b"\x89PNG....", "image/png"),
    "no_text": response(b""),
}


@pytest.mark.parametrize(("reason", "payload"), REFUSED.items(), ids=REFUSED)
def test_a_response_without_a_page_is_refused(reason: str, payload: bytes) -> None:
    """Errors, pictures and empty answers each have their reason and their place."""
    (outcome,) = read_bytes(record(payload), name="x")

    assert isinstance(outcome, Rejected)
    assert (outcome.position, outcome.reason) == ("record 1", reason)


def test_a_body_is_read_as_what_it_is() -> None:
    """A picture sent as HTML is refused; a text and a page without HTTP are read."""
    picture, text, bare = (
        next(read_bytes(record(payload, kind), name="x"))
        for payload, kind in (
            (response(b"\x89PNG\x00\x00\x00\x00"), "response"),
            (response(WORDS.encode(), "text/plain"), "response"),
            (page(1), "resource"),
        )
    )

    assert isinstance(picture, Rejected)
    assert isinstance(text, Article)
    assert isinstance(bare, Article)


def test_a_feed_in_an_archive_gives_its_items() -> None:
    """Each item has the record's place and time of visit."""
    items = b"<item><description>One</description></item><item/>"
    feed = b"<rss version='2.0'><channel>" + items + b"</channel></rss>"
    item, refused = read_bytes(record(response(feed, "application/rss+xml")), name="x")

    assert isinstance(item, Article)
    assert item.fetched == FETCHED
    assert isinstance(refused, Rejected)
    assert refused.position == "record 1 item 2"


def test_a_conversion_is_an_article_of_its_lines() -> None:
    """Extracted text keeps one paragraph a line, in UTF-8."""
    (article,) = read_bytes(
        record("Bridge closes\nFerries – many".encode(), "conversion"), name="x"
    )

    assert isinstance(article, Article)
    assert article.text == "Bridge closes\n\nFerries – many"
    assert (article.site, article.fetched) == ("example.com", FETCHED)


def test_an_archive_without_a_page_says_so() -> None:
    """Requests and metadata alone give one reason."""
    (outcome,) = read_bytes(
        record(b"software: x", "warcinfo") + record(b"GET /", "request"), name="x"
    )

    assert outcome == Rejected("x", "", "no_pages", "2 records, none a response")


@pytest.mark.parametrize("packed", [True, False])
def test_an_oversize_record_is_passed_over(packed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too large as stored or too large unpacked, the next record is read."""
    monkeypatch.setattr(warc, "MAX_PAGE_BYTES", 2000)
    body = gzip.compress(bytes(100_000)) if packed else bytes(100_000)
    outcomes = list(read_bytes(record(response(body)) + THREE[0], name="x"))

    assert [getattr(outcome, "reason", "") for outcome in outcomes] == ["too_large", ""]


@settings(max_examples=60)
@given(st.sampled_from(sorted(PACKINGS)), st.data())
def test_damaged_archives_give_articles_or_reasons(packing: str, data: st.DataObject) -> None:
    """A byte changed anywhere, or the end cut off, never makes reading fail."""
    whole = PACKINGS[packing]
    at = data.draw(st.integers(5, len(whole) - 1))
    damaged = whole[:at] + data.draw(st.binary(max_size=2)) + whole[data.draw(st.just(at + 1)) :]

    assert list(read_bytes(damaged, name="x"))
    assert list(read_bytes(whole[:at], name="x"))
