"""RSS and Atom, in every version and every state of repair.

A feed goes through fastfeedparser. One that is too large for memory, or of which that does not find
every item and its text, is read item by item. No feed needs a document type, and entities are
declared nowhere else, so a feed that has one is refused before any parser sees it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from detector.ingest.articles import Facts, Place, article_of_field
from detector.ingest.charset import decode
from detector.ingest.feed_ids import lasting_id
from detector.ingest.feed_items import items_one_by_one, pieces_of
from detector.ingest.kinds import prologue
from detector.ingest.limits import MAX_DEPTH, MAX_FEED_IN_MEMORY
from detector.ingest.overload import has_overloaded_tag
from detector.ingest.streams import HEAD_BYTES, ToBreak, head, parts
from detector.records import Article, Rejected

_ENCODING = re.compile(r"^\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]{1,40})[\"']")
# What fastfeedparser does not tell: the page's own address in a feed that went through FeedBurner
# and links to its counter, and the feed that an item was taken from.
_UNTOLD = re.compile(r"feedburner:origLink>|<source[\s>]")
_DECLARATION = re.compile(r"^[\s\ufeff]*<\?xml\b.{0,400}?\?>\s*", re.DOTALL)


def read_feed(stream: BinaryIO, name: str) -> Iterator[Article | Rejected]:
    """Read the items of a feed.

    Yields
    ------
    Article or Rejected
        One an item; or one Rejected with "document_type" or "broken_feed". Where
        its packing breaks off, what came before.
    """
    start = head(stream)
    declared = _ENCODING.match(start.decode("latin-1"))
    encoding = declared[1] if declared else ""
    if prologue(decode(start, declared=encoding))[1]:
        yield Place(name).rejected("document_type", "a feed with <!DOCTYPE> may hide entities")
        return
    source = ToBreak(stream)
    data = bytearray()
    for piece in source:
        data += piece
        if len(data) > MAX_FEED_IN_MEMORY:
            yield from items_one_by_one(parts(source, declared=encoding), name)
            break
    else:
        text = _DECLARATION.sub("", decode(bytes(data), declared=encoding), count=1)
        yield from items_of_feed(text, name)
    source.check()


def items_of_feed(text: str, name: str) -> Iterator[Article | Rejected]:
    """Read the items of a feed without a document type, its XML declaration taken off."""
    base, entries = _parsed_whole(text)
    if entries:
        yield from _articles(entries, base, name)
    else:
        yield from items_one_by_one(_parts(text), name)


def _parsed_whole(text: str) -> tuple[str, list[Mapping[str, Any]]]:
    """Parse a feed at once; no entries where they would not be all, or not cheap."""
    if _UNTOLD.search(text) or has_overloaded_tag(text):
        return "", []
    _, *items = pieces_of(_parts(text))
    # An item of fewer tags is no deeper.
    if any(piece is None or piece.count("<") > MAX_DEPTH for piece in items):
        return "", []
    try:
        base, entries = _parsed(text)
    # Broken feeds break the parser in every way.
    except Exception:
        return "", []
    whole = len(entries) >= len(items) and all(map(_body, entries))
    return (base, entries) if whole else ("", [])


def _parts(text: str) -> Iterator[str]:
    return (text[at : at + HEAD_BYTES] for at in range(0, len(text), HEAD_BYTES))


def _parsed(text: str) -> tuple[str, list[Mapping[str, Any]]]:
    import fastfeedparser  # noqa: PLC0415 - slow to import, and only feeds need it

    feed = fastfeedparser.parse(
        text.encode("utf-8", "replace"),
        include_tags=False,
        include_media=False,
        include_enclosures=False,
    )
    return str(feed["feed"].get("link") or ""), list(feed["entries"])


def _articles(
    entries: Iterable[Mapping[str, Any]], base: str, name: str
) -> Iterator[Article | Rejected]:
    """Turn the parser's entries into articles."""
    for number, entry in enumerate(entries, start=1):
        facts = Facts(
            id=lasting_id(str(entry.get("id") or "")),
            title=str(entry.get("title") or ""),
            url=str(entry.get("link") or ""),
            base=base,
            published=entry.get("published") or entry.get("updated"),
        )
        yield article_of_field(_body(entry), facts, Place(name, f"item {number}"))


def _body(entry: Mapping[str, Any]) -> str:
    """Choose an entry's longest full content, else its description."""
    contents = [str(part.get("value") or "") for part in entry.get("content") or ()]
    full = max(contents, key=len, default="")
    return full if full.strip() else str(entry.get("description") or entry.get("summary") or "")
