"""Web archives: WARC responses and WET conversions."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO

from detector.dates import to_utc
from detector.ingest.articles import Facts, Place, article_of_field, article_or_reason
from detector.ingest.charset import decode
from detector.ingest.deadline import TooSlowError
from detector.ingest.feeds import read_feed
from detector.ingest.http_message import OversizeError, Response, parse_response
from detector.ingest.kinds import PACKED_ARCHIVES, kind_of
from detector.ingest.limits import MAX_PAGE_BYTES
from detector.ingest.pages import article_of_page
from detector.ingest.paragraphs import join_paragraphs
from detector.ingest.streams import HEAD_BYTES, head
from detector.records import Article, Rejected

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

_PAGE_TYPES = frozenset({"", "text/html", "application/xhtml+xml", "text/plain"})
_FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/xml",
     "text/xml"}
)  # fmt: skip


def read_warc(stream: BinaryIO, name: str) -> Iterator[Article | Rejected]:
    """Read the pages of a web archive, packed as it comes.

    Yields
    ------
    Article or Rejected
        One a response or conversion (a feed among them gives one an item).
        Where the archive breaks off, what came before, then one Rejected with
        "truncated". An archive with no page at all gives "no_pages"; what is
        packed by Zstandard or LZ4 and holds no archive, "unknown_format".
    """
    number = pages = 0
    try:
        for number, record in enumerate(_records(stream), start=1):
            for outcome in _outcomes(record, Place(name, f"record {number}")):
                pages += 1
                yield outcome
    # The parser reports a broken archive as OSError, and by a panic that is no Exception.
    except BaseException as error:
        if isinstance(error, (GeneratorExit, KeyboardInterrupt, SystemExit, TooSlowError)):
            raise
        # Reading does not go on at the next line that looks like a record's first: behind a break
        # that may stand in a page, whose owner would choose what site it names.
        if not number and head(stream, 4) in PACKED_ARCHIVES:
            what = f"packed by Zstandard or LZ4, and no web archive: {error}"
            yield Place(name).rejected("unknown_format", what)
            return
        yield Place(name, f"after record {number}").rejected("truncated", str(error))
        return
    if not pages:
        yield Place(name).rejected("no_pages", f"{number} records, none a response")


def _records(stream: BinaryIO) -> Iterator[WarcRecord]:
    """Iterate over an archive's records; HTTP is left to be read here, tolerantly."""
    from fastwarc.warc import ArchiveIterator  # noqa: PLC0415 - only archives need it

    stream.seek(len(BOM_UTF8) if head(stream, len(BOM_UTF8)) == BOM_UTF8 else 0)
    yield from ArchiveIterator(stream, parse_http=False)


def _outcomes(record: WarcRecord, place: Place) -> Iterator[Article | Rejected]:
    """Read one record; requests, metadata and repeated visits hold no page."""
    from fastwarc.warc import WarcRecordType  # noqa: PLC0415 - as above

    kind = record.record_type
    if kind not in (WarcRecordType.response, WarcRecordType.resource, WarcRecordType.conversion):
        return
    if record.content_length > MAX_PAGE_BYTES:
        yield place.rejected("too_large", f"{record.content_length} bytes")
        return
    block = record.reader.read(record.content_length)
    if len(block) < record.content_length:
        yield place.rejected("truncated", f"{len(block)} of {record.content_length} bytes")
        return
    facts = Facts(
        url=(record.headers.get("WARC-Target-URI") or "").strip("<>"),
        fetched=record.headers.get("WARC-Date", ""),
    )
    if kind == WarcRecordType.conversion:
        yield _conversion(block, facts, place)
    else:
        yield from _responses(block, facts, place)


def _conversion(block: bytes, facts: Facts, place: Place) -> Article | Rejected:
    """Read a page that the archive has turned into text, one block a line."""
    text = join_paragraphs(decode(block).splitlines())
    return article_or_reason(text, facts, place)


def _responses(block: bytes, facts: Facts, place: Place) -> Iterator[Article | Rejected]:
    """Read a stored response: its page, or the items of its feed."""
    try:
        response = parse_response(block, bound=MAX_PAGE_BYTES)
    except OversizeError as error:
        yield place.rejected("too_large", str(error))
        return
    if response.status != 200:
        yield place.rejected("http_error", f"{facts.url} status {response.status}")
    elif response.media_type not in _PAGE_TYPES | _FEED_TYPES:
        yield place.rejected("not_a_page", f"{facts.url} {response.media_type}")
    else:
        yield from _payload(response, facts, place)


def _payload(response: Response, facts: Facts, place: Place) -> Iterator[Article | Rejected]:
    """Read a body as what it is, whatever type the server gave it."""
    kind = kind_of(response.body[:HEAD_BYTES])
    if kind == "feed":
        for outcome in read_feed(BytesIO(response.body), place.input):
            yield _placed(outcome, facts, place)
    elif kind == "page":
        yield article_of_page(response.body, facts, place, charset=response.charset)
    elif kind == "text":
        text = decode(response.body, declared=response.charset)
        yield article_of_field(text, facts, place)
    else:
        yield place.rejected("no_text" if kind == "empty" else "not_a_page", f"{facts.url} {kind}")


def _placed(outcome: Article | Rejected, facts: Facts, place: Place) -> Article | Rejected:
    """Say of a feed's item which record it came in, and when that was fetched."""
    if isinstance(outcome, Rejected):
        return replace(outcome, position=f"{place.position} {outcome.position}".strip())
    return replace(outcome, fetched=to_utc(facts.fetched))
