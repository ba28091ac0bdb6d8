"""Inputs that strangers would write to break or fool a reader; all text is invented.

Each case is bytes, or a function that writes a file too large to keep in a list.
"""

from __future__ import annotations

import gzip
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, TypeAlias

STORY = "The swing bridge of Sorrel closes on Monday and the ferry takes its place. " * 8
MB = 1_000_000

Write: TypeAlias = Callable[[BinaryIO], None]


def rss(items: str, before: str = "", after: str = "</channel></rss>") -> bytes:
    """Write a feed around some items."""
    return f"<?xml version='1.0'?>{before}<rss version='2.0'><channel>{items}{after}".encode()


def item(inside: str = "", text: str = STORY) -> str:
    """Write an item of a feed."""
    return f"<item><title>Bridge</title><description>{text}</description>{inside}</item>"


def record(**fields: object) -> bytes:
    """Write a line of JSON."""
    return json.dumps({"text": STORY, **fields}).encode() + b"\n"


def page(inside: str, head: str = "") -> bytes:
    """Write a page."""
    return f"<!DOCTYPE html><html><head>{head}</head><body>{inside}</body></html>".encode()


def repeated(begin: bytes, part: bytes, size: int, end: bytes = b"") -> Write:
    """Write a part again and again until there are `size` bytes."""

    def write(file: BinaryIO) -> None:
        block = part * (max(1, MB // len(part)))
        file.write(begin)
        for _ in range(size // len(block)):
            file.write(block)
        file.write(end)

    return write


def packed(begin: bytes, part: bytes, size: int) -> Write:
    """Write the same, packed by gzip."""

    def write(file: BinaryIO) -> None:
        with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=6) as inner:
            repeated(begin, part, size)(inner)  # type: ignore[arg-type]

    return write


def warc(
    block: bytes,
    kind: str = "response",
    length: int | None = None,
    uri: str = "https://harbour.example/a",
    more: str = "",
) -> bytes:
    """Write a record of a web archive."""
    size = len(block) if length is None else length
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\n"
        "WARC-Date: 2026-01-05T10:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n{more}"
        f"Content-Length: {size}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def http(body: bytes, headers: str = "Content-Type: text/html\r\n") -> bytes:
    """Write a stored response."""
    return b"HTTP/1.1 200 OK\r\n" + headers.encode() + b"\r\n" + body


def brotli_bomb(size: int) -> bytes:
    """Pack zeros by Brotli, a million and more into a byte."""
    import brotli

    pack = brotli.Compressor(quality=5, lgwin=24)
    first, more = (pack.process(bytes(16 * MB)) + pack.flush() for _ in range(2))
    return bytes(first + more * (size // (16 * MB) - 1) + pack.finish())


def zipped() -> bytes:
    """Write a zip archive of zeros."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.html", bytes(10 * MB))
    return out.getvalue()


def parquet(**columns: object) -> bytes:
    """Write a table of Parquet; a column is a list, or an Arrow array."""
    import pyarrow as pa
    from pyarrow.parquet import write_table

    out = io.BytesIO()
    write_table(pa.table(columns), out)
    return out.getvalue()


def nested_parquet() -> bytes:
    """Write columns whose types are not those of an article."""
    import pyarrow as pa

    return parquet(
        text=pa.array([{"a": [{"b": "x"}]}, None]),
        title=pa.array([[["x"]], []]),
        url=pa.array([1.5, float("nan")]),
        published=pa.array([2**62, -(2**62)], pa.timestamp("ns")),
        id=pa.array([b"\xff\x00", b""]),
    )


def repeating_parquet() -> bytes:
    """Write 256 rows that share one long value, which the file holds once."""
    import pyarrow as pa

    text = pa.DictionaryArray.from_arrays(pa.array([0] * 256), pa.array(["bridge " * (3 * MB)]))
    return parquet(text=text)


LOLS = "".join(
    f"<!ENTITY l{n} '" + f"&l{n - 1};" * 10 + "'>" if n else "<!ENTITY l0 'lol'>" for n in range(9)
)
BOMB = f"<!DOCTYPE rss [{LOLS}]>"
FILE = "<!DOCTYPE rss [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>"
LATE = f"<!--{'x' * 70_000}-->"

FEEDS: dict[str, bytes | Write] = {
    "entity bomb": rss(item(text="&l8;"), BOMB),
    "entity bomb behind a long comment": rss(item(text="&l8;"), LATE + BOMB),
    "external entity": rss(item(text="&e;"), FILE),
    "external entity behind a long comment": rss(item(text="&e;"), LATE + FILE),
    "external entity in a large feed": repeated(
        rss(item(text="&e;"), LATE + FILE, ""), item().encode(), 9 * MB, b"</channel></rss>"
    ),
    "entity bomb in a large feed": repeated(
        rss(item(text="&l8;"), LATE + BOMB, ""), item().encode(), 9 * MB, b"</channel></rss>"
    ),
    "100,000 items": rss(item(text="A note.") * 100_000),
    "items inside items": rss("<item>" * 50_000, "", ""),
    "elements inside elements": rss("<a>" * 50_000, "", ""),
    "attributes": rss("<item " + " ".join(f"a{n}='x'" for n in range(100_000)) + "/>"),
    "dates of year 1 and 9999": rss(
        item("<pubDate>Mon, 01 Jan 0001 00:00:00 +1400</pubDate>")
        + item("<pubDate>Fri, 31 Dec 9999 23:59:59 -1200</pubDate>")
    ),
    "foreign addresses": rss(
        item("<link>https://user:secret@harbour.example/a</link>")
        + item("<link>file:///etc/passwd</link>")
        + item("<link>javascript:alert(1)</link>")
        + item("<link>https://harbour.example/\x01\x1fa</link>")
    ),
    "hostile ids": rss(
        item("<guid>urn:'; DROP TABLE articles; --</guid>")
        + item("<guid>tag:../../../../etc/passwd</guid>")
        + item("<guid>tag:&lt;script&gt;alert(1)&lt;/script&gt;</guid>")
    ),
    "lies about its charset": rss(item()).replace(b"'1.0'", b"'1.0' encoding='utf-16'"),
    "charset that hides markup": rss(item()).replace(b"'1.0'", b"'1.0' encoding='utf-7'"),
    "NUL bytes": rss(item()).replace(b"bridge", b"bri\x00dge"),
    "clipped": rss(item() * 50)[:2000],
    "broken and long": rss((item(text="A & B < C") + "</item>") * 3000, "", ""),
    "open tags": rss("<item><title>" * 20_000, "", ""),
    "no end of a comment": rss("<!--" * 100_000, "", ""),
}
JSON: dict[str, bytes | Write] = {
    "arrays inside arrays": b"[" * 1_000_000,
    "objects inside objects": b'{"a":' * 400_000,
    "deep lines": (b'{"text":' + b"[" * 900 + b"\n") * 2000,
    "deep value inside a record": b'{"text": "x", "a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "200 MB on one line": repeated(b'{"text": "', b"The bridge closes. ", 200 * MB, b'"}\n'),
    "200 MB and no end of a text": repeated(b'[\n{ "text": "', b"The bridge. ", 200 * MB),
    "records that never end": repeated(b"[\n", b'{ "a":\n', 2 * MB),
    "spaces after a broken value": repeated(b'[\n{ "a": x\n', b" ", 4 * MB),
    "one long text": repeated(b'{"text": "', b"The bridge closes. ", 60 * MB, b'"}\n'),
    "lone surrogates": b'{"text": "' + STORY.encode() + b'\\ud800", "id": "\\udfff"}\n',
    "NUL bytes": b'{"text": "a\x00b \\u0000'
    + STORY.encode()
    + b'", "url": "http://a\\u0000b.example/"}',
    "numbers beyond all bounds": b'{"text": '
    + b"9" * 100_000
    + b', "id": 1e999, "published": 1e999}',
    "200,000 fields": b"{" + b",".join(b'"f%d": 0' % n for n in range(200_000)) + b"}",
    "records of other types": b'[1, null, true, "x", [], {}, {"text": {"a": []}}, {"text": 5}]',
    "dates of year 1 and 9999": record(published="0001-01-01T00:00:00+14:00")
    + record(published="9999-12-31T23:59:59-12:00")
    + record(published=-(10**18), fetched=10**30),
    "hostile ids": record(id="'; DROP TABLE articles; --")
    + record(id="../../etc/passwd")
    + record(id="<script>alert(1)</script>")
    + record(id="\x1b[2J\x07")
    + record(id="x" * 100_000),
    "long address": record(url="http://" + "é" * 500_000 + ".example/"),
    "long title": record(title="Bridge " * 500_000),
    "marked text that never closes": record(text="<a " + "href" * 500_000),
    "deep markup in a field": record(text="<div>" * 200_000 + STORY),
    "feed of 20,000 items": b'{"version": "https://jsonfeed.org/version/1", "items": ['
    + b",".join([b'{"id": "1", "content_text": "A note."}'] * 20_000)
    + b"]}",
    "deep feed": b'{"version": "https://jsonfeed.org/version/1", "items": [[[[[1]]]], 2, null]}',
}
PAGES: dict[str, bytes | Write] = {
    "elements inside elements": page("<div>" * 300_000 + STORY),
    "lists inside lists": page("<ul><li>" * 30_000 + STORY),
    "tables inside tables": page("<table><tr><td>" * 20_000 + STORY),
    "as many tags as are read": page("<p>The bridge closes.</p>" * 49_900),
    "20 MB of paragraphs": repeated(page("")[:-14], b"<p>The bridge closes.</p>", 19 * MB),
    "20 MB of text": repeated(page("<p>")[:-14], b"The bridge closes on Monday. ", 19 * MB),
    "20 MB of open brackets": repeated(page("")[:-14], b"<", 19 * MB),
    "20 MB of open inline tags": repeated(page("<p>")[:-14], b"<b>x", 6 * MB),
    "60 MB": repeated(page("<p>")[:-14], b"The bridge closes on Monday. ", 60 * MB),
    "comments before the root": b"<!---->" * 5000 + b"x",
    "external entity": FILE.replace("rss", "html").encode() + page(f"<p>&e; {STORY}</p>")[15:],
    "charset after many spaces": page(STORY, "<meta charset=" + " " * 3900),
    "lies about its charset": page(f"<p>{STORY}é</p>", "<meta charset='utf-16-be'>"),
    "charset of no character set": page(f"<p>{STORY}</p>", "<meta charset='rot13'>"),
    "deep linked data": page(
        f"<p>{STORY}</p>",
        "<script type='application/ld+json'>" + "[" * 100_000 + "</script>",
    ),
    "wrong linked data": page(
        f"<p>{STORY}</p>",
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": {"a": [1]},'
        ' "datePublished": {"b": 2}}</script>',
    ),
    "attributes": page("<p " + " ".join(f"a{n}=x" for n in range(100_000)) + f">{STORY}</p>"),
    "lone surrogates": page(f"<p>{STORY}&#xD800; &#x110000; &#0;</p>"),
}
ARCHIVES: dict[str, bytes | Write] = {
    "wrong digests": warc(http(page(STORY)), more="WARC-Block-Digest: sha1:AAAA\r\n"),
    "length too large": warc(http(page(STORY)), length=10**15),
    "length that is no number": warc(b"x").replace(b"Content-Length: 1", b"Content-Length: -1"),
    "long header": warc(b"x", more=f"X-Long: {'x' * 5_000_000}\r\n"),
    "many headers": warc(b"x", more="X-Many: x\r\n" * 300_000),
    "clipped": warc(http(page(STORY)))[:-300],
    "clipped gzip": gzip.compress(warc(http(page(STORY))) * 20)[:-40],
    "gzip bomb in a body": warc(http(gzip.compress(bytes(200 * MB), 1))),
    "Brotli bomb in a body": lambda file: (
        file.write(warc(http(brotli_bomb(4000 * MB), "Content-Encoding: br\r\n"))) and None
    ),
    "Brotli and deflate in name only": warc(http(page(STORY), "Content-Encoding: br\r\n"))
    + warc(http(page(STORY), "Content-Encoding: deflate\r\n")),
    "chunks of lying size": warc(
        http(b"FFFFFFFF\r\n" + page(STORY), "Transfer-Encoding: chunked\r\n")
    ),
    "spaces in a charset": warc(
        http(page(STORY), "Content-Type: text/html; charset=" + " " * 100_000 + "\r\n")
    ),
    "foreign addresses": warc(http(page(STORY)), uri="file:///etc/passwd")
    + warc(http(page(STORY)), uri="https://u:p@harbour.example/\x01"),
    "feed with an entity bomb": warc(
        http(rss(item(text="&l8;"), LATE + BOMB), "Content-Type: text/xml\r\n")
    ),
    "Zstandard frame of nothing": b"\x28\xb5\x2f\xfd" + bytes(100),
    "zeros in a gzip member": packed(
        b"WARC/1.0\r\nContent-Length: 9999999999\r\n\r\n", b"\0", 50 * MB
    ),
}
TABLES: dict[str, bytes | Write] = {
    "a million columns": b"text,title" + b",a" * 1_000_000 + b"\n" + b"x," * 1_000_000 + b"\n",
    "rows of a million values": b"text,title\n" + (b"x," * 1_000_000 + b"\n") * 3,
    "quote that never closes": repeated(
        b'text,title\n"', b"The bridge closes. " * 500 + b"\n", 66 * MB
    ),
    "row that never ends": repeated(b"text,title\n", b'"\n",', 2 * MB),
    "NUL bytes": b"text,title\n" + STORY.encode() + b"\x00,a\n",
    "wide text without a mark": ("text,title\n" + STORY + ",a\n").encode("utf-16-le"),
    "line of 100 MB": repeated(b"text,title\n", b"bridge ", 100 * MB, b"\nlast,row\n"),
    "wide line of 200 MB": repeated("\ufefftext,title\n".encode("utf-16-le"), b"b\0", 200 * MB),
    "Parquet of other types": lambda file: file.write(nested_parquet()) and None,
    "Parquet with one value for all rows": lambda file: file.write(repeating_parquet()) and None,
    "Parquet of lying length": b"PAR1" + bytes(64) + struct.pack("<i", 2**31 - 1) + b"PAR1",
    "Parquet with broken footer": b"PAR1" + b"\x15\x04" * 4000 + struct.pack("<i", 8000) + b"PAR1",
    "Parquet clipped": lambda file: file.write(nested_parquet()[:-30]) and None,
}
OTHERS: dict[str, bytes | Write] = {
    "zip bomb": zipped(),
    "gzip bomb of zeros": packed(b"", b"\0", 100 * MB),
    "gzip bomb of text": packed(b"", b"The bridge closes. ", 100 * MB),
    "gzip bomb of lines": packed(record(), record(title="x" * 3000) * 9, 60 * MB),
    "gzip bomb of Parquet": packed(b"PAR1", b"PAR1", 100 * MB),
    "gzip inside gzip": gzip.compress(gzip.compress(gzip.compress(gzip.compress(bytes(MB))))),
    "clipped gzip": gzip.compress(STORY.encode() * 500)[:-9],
    "gzip with a wrong sum": gzip.compress(STORY.encode())[:-8] + bytes(8),
    "deflate of nothing": b"\x1f\x8b\x08\x00" + bytes(6) + zlib.compress(b"")[:4],
    "one line of 200 MB": repeated(b"", b"bridge ", 200 * MB),
    "controls": bytes(range(32)) * 1000,
    "direction overrides": ("\u202e" + STORY).encode(),
    "nothing": b"",
}
CASES: dict[str, bytes | Write] = {
    f"{kind}: {name}": case
    for kind, cases in (
        ("feed", FEEDS),
        ("JSON", JSON),
        ("page", PAGES),
        ("archive", ARCHIVES),
        ("table", TABLES),
        ("other", OTHERS),
    )
    for name, case in cases.items()
}


def write_case(case: bytes | Write, path: Path) -> None:
    """Write a case to a file."""
    with path.open("wb") as file:
        if isinstance(case, bytes):
            file.write(case)
        else:
            case(file)
