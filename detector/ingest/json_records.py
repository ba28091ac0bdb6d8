"""JSON in the forms that exports come in: lines, an array, one object, a JSON Feed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import BinaryIO

from detector.ingest.articles import Place
from detector.ingest.feed_ids import lasting_id
from detector.ingest.fields import from_record
from detector.ingest.json_values import Broken, loads, values
from detector.ingest.limits import MAX_BROKEN_VALUES, MAX_LINE_BYTES
from detector.ingest.streams import ToBreak, lines, parts
from detector.records import Article, Rejected

_FEED_VERSION = "jsonfeed.org/version/"


def read_json(stream: BinaryIO, name: str) -> Iterator[Article | Rejected]:
    """Read records from JSON lines, an array, objects one after another, or a JSON Feed.

    Yields
    ------
    Article or Rejected
        One a record, at "line 12" of lines, at "item 3" of anything else; what
        is no JSON gives "broken_json" there, what is nested beyond the bound
        "too_deep", and reading goes on behind it.
    """
    by_lines = _is_by_lines(_begin(stream))
    stream.seek(0)
    yield from (_by_lines if by_lines else _by_values)(stream, name)


def _begin(stream: BinaryIO) -> list[str]:
    """Give the first two lines that hold something; "" stands for one beyond all bounds."""
    begun: list[str] = []
    for line in lines(stream):
        if line is None or line.strip():
            begun.append((line or "").strip("\ufeff\x00 \t\r\n"))
        if len(begun) == 2:
            break
    return begun


def _is_by_lines(begun: list[str]) -> bool:
    """Tell JSON lines, even with a broken first line, from JSON that spans lines."""
    first, second = (*begun, "", "")[:2]
    is_whole = first != "" and not isinstance(loads(first), Broken)
    if first.startswith("{") and is_whole:
        return True
    return second.startswith('{"') and (is_whole or not first.startswith("["))


def _by_lines(stream: BinaryIO, name: str) -> Iterator[Article | Rejected]:
    """Read one record a line."""
    for number, line in enumerate(lines(stream), start=1):
        place = Place(name, f"line {number}")
        if line is None:
            yield place.rejected("too_large", f"a line of more than {MAX_LINE_BYTES} bytes")
        elif text := line.strip("\ufeff\x00 \t\r\n"):
            record = loads(text)
            if isinstance(record, Broken):
                yield place.rejected(record.reason, record.begin)
            else:
                yield from _articles(record, place)


def _by_values(stream: BinaryIO, name: str) -> Iterator[Article | Rejected]:
    """Read one record a value, wherever its lines end."""
    number = broken = 0
    source = ToBreak(stream)
    for number, record in enumerate(values(parts(source)), start=1):
        place = Place(name, f"item {number}")
        if isinstance(record, Broken):
            broken += 1
            yield place.rejected(record.reason, record.begin)
            if broken >= MAX_BROKEN_VALUES:
                yield place.rejected("too_broken", f"{broken} broken values; the rest is not read")
                return
        else:
            yield from _articles(record, place)
    source.check()
    if not number:
        yield Place(name).rejected("no_records", "JSON without a record")


def _articles(record: object, place: Place) -> Iterator[Article | Rejected]:
    """Read a record, or the items of a feed."""
    items = record.get("items") if isinstance(record, Mapping) else None
    version = record.get("version") if isinstance(record, Mapping) else None
    if isinstance(items, list) and _FEED_VERSION in str(version):
        for number, item in enumerate(items, start=1):
            yield _article(_feed_item(item), replace(place, position=f"item {number}"))
    else:
        yield _article(record, place)


def _feed_item(item: object) -> object:
    """Give a feed's item the id and the body that items of other feeds would have."""
    if not isinstance(item, Mapping):
        return item
    body = item.get("content_html") or item.get("content_text") or item.get("summary")
    return {**item, "text": body, "id": lasting_id(str(item.get("id") or ""))}


def _article(record: object, place: Place) -> Article | Rejected:
    """Read one record that may be anything."""
    if isinstance(record, (Mapping, str)):
        return from_record(record, input=place.input, position=place.position)
    return place.rejected("not_a_record", f"a {type(record).__name__}, not named fields")
