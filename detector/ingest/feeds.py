"""RSS and Atom, in every version and every state of repair.

A feed that fits in memory goes through fastfeedparser, and through feedparser where that finds
nothing; a larger one is streamed. No feed needs a document type, and entities are declared nowhere
else, so a feed that has one is refused before any parser sees it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any, BinaryIO

from detector.ingest.articles import Facts, Place, article_of_field
from detector.ingest.charset import decode
from detector.ingest.feed_ids import lasting_id
from detector.ingest.feed_stream import stream_items
from detector.ingest.kinds import prologue
from detector.ingest.limits import MAX_FEED_IN_MEMORY, MAX_PATIENT_FEED
from detector.ingest.overload import TOO_MANY_ATTRIBUTES, has_overloaded_tag
from detector.ingest.streams import head
from detector.records import Article, Rejected

_ENCODING = re.compile(r"^\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]{1,40})[\"']")
# What feedparser alone of the two reads: the page's own address in a feed that went through
# FeedBurner and links to its counter, and the feed that an item was taken from.
_PATIENCE = re.compile(r"feedburner:origLink>|<source[\s>]")
_DECLARATION = re.compile(r"^[\s\ufeff]*<\?xml\b.{0,400}?\?>\s*", re.DOTALL)

Parsed = tuple[str, list[Mapping[str, Any]]]


def read_feed(stream: BinaryIO, name: str) -> Iterator[Article | Rejected]:
    """Read the items of a feed.

    Yields
    ------
    Article or Rejected
        One an item; or one Rejected with "document_type" or "broken_feed".
    """
    start = head(stream)
    declared = _ENCODING.match(start.decode("latin-1"))
    encoding = declared[1] if declared else ""
    if prologue(decode(start, declared=encoding))[1]:
        yield Place(name).rejected("document_type", "a feed with <!DOCTYPE> may hide entities")
        return
    data = stream.read(MAX_FEED_IN_MEMORY + 1)
    if len(data) > MAX_FEED_IN_MEMORY:
        stream.seek(0)
        yield from stream_items(stream, name)
        return
    text = _DECLARATION.sub("", decode(data, declared=encoding), count=1)
    yield from items_of_feed(text, name)


def items_of_feed(text: str, name: str) -> Iterator[Article | Rejected]:
    """Read the items of a feed without a document type, its XML declaration taken off."""
    if has_overloaded_tag(text):
        yield Place(name).rejected("too_large", TOO_MANY_ATTRIBUTES)
        return
    large = len(text) > MAX_PATIENT_FEED
    reason = "no parser finds an item in it"
    for parse in (_fast,) if large else _in_turn(text):
        try:
            base, entries = parse(text)
        # Broken feeds break parsers in every way; each has a second chance, then a reason.
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"[:200]
            continue
        if entries:
            yield from _articles(entries, base, name)
            return
    if large:
        yield from stream_items(BytesIO(text.encode("utf-8", "replace")), name)
    else:
        yield Place(name).rejected("broken_feed", reason)


def _in_turn(text: str) -> Sequence[Callable[[str], Parsed]]:
    """Choose which parser has the first try."""
    return (_patient, _fast) if _PATIENCE.search(text) else (_fast, _patient)


def _fast(text: str) -> Parsed:
    """Parse with fastfeedparser."""
    import fastfeedparser  # noqa: PLC0415 - slow to import, and only feeds need it

    feed = fastfeedparser.parse(
        text.encode("utf-8", "replace"),
        include_tags=False,
        include_media=False,
        include_enclosures=False,
    )
    return str(feed["feed"].get("link") or ""), list(feed["entries"])


def _patient(text: str) -> Parsed:
    """Parse with feedparser, which recovers more and takes fifty times as long."""
    import feedparser  # noqa: PLC0415 - as above

    feed = feedparser.parse(
        text.encode("utf-8", "replace"), sanitize_html=False, resolve_relative_uris=False
    )
    return str(feed.feed.get("link") or ""), list(feed.entries)


def _articles(
    entries: Iterable[Mapping[str, Any]], base: str, name: str
) -> Iterator[Article | Rejected]:
    """Turn the parsers' entries, which share their names, into articles."""
    for number, entry in enumerate(entries, start=1):
        facts = Facts(
            id=lasting_id(str(entry.get("id") or "")),
            title=str(entry.get("title") or ""),
            url=str(entry.get("feedburner_origlink") or entry.get("link") or ""),
            base=base,
            credited=_source(entry),
            published=entry.get("published") or entry.get("updated"),
        )
        yield article_of_field(_body(entry), facts, Place(name, f"item {number}"))


def _source(entry: Mapping[str, Any]) -> str:
    """Give the site, or else the feed, that an entry says it was taken from."""
    source = entry.get("source") or {}
    return str(source.get("link") or source.get("href") or "")


def _body(entry: Mapping[str, Any]) -> str:
    """Choose an entry's longest full content, else its description."""
    contents = [str(part.get("value") or "") for part in entry.get("content") or ()]
    full = max(contents, key=len, default="")
    return full if full.strip() else str(entry.get("description") or entry.get("summary") or "")
