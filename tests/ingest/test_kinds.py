from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.ingest.kinds import delimiter_of, kind_of, prologue

BEGINNINGS = {
    b"": "empty",
    b" \r\n\t": "empty",
    b"\xef\xbb\xbf": "empty",
    b"WARC/1.0\r\nWARC-Type: warcinfo": "warc",
    b"\x04\x22\x4d\x18....": "warc",
    b"\r\n\r\nWARC/1.0\r\n": "warc",
    b"\xef\xbb\xbfWARC/1.0\r\n": "warc",
    b"PAR1\x15\x04": "parquet",
    b"%PDF-1.7": "binary",
    b"PK\x03\x04": "binary",
    b"\x00\x01\x02\x03 some text": "binary",
    b'<?xml version="1.0"?>\n<!-- <html> -->\n<rss version="2.0">': "feed",
    b'<feed xmlns="http://www.w3.org/2005/Atom">': "feed",
    b"\xef\xbb\xbf\n <rdf:RDF xmlns:rdf='x'>": "feed",
    b'<!DOCTYPE rss [<!ENTITY a "<html>">]><rss>': "feed",
    b"<!doctype html><html>": "page",
    b"<HTML lang=en>": "page",
    b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "a" "b"><html xmlns="x">': "page",
    b"<script>x()</script><body class='a'>": "page",
    b'<?xml version="1.0"?><sitemap>': "xml",
    b'{"text": "a"}': "json",
    b"[\n {\n": "json",
    b"{ }": "json",
    b'null\n{"text": "a"}\n{"text": "b"}\n': "json",
    b'text"}\r\n\r\n{"text": "a"}': "json",
    b'Records look so:\n{"text": "a"}\nand may span lines.\n': "text",
    b"url,title,text\n": "csv",
    b"id\ttext\n1\ta": "csv",
    b'"headline";"articleBody"\n': "csv",
    b"sep=;\r\ntitle;text\r\n": "csv",
    b'text\n"The bridge, it says, closes."\n"So it does."\n': "csv",
    b'"Body"\r\n"The bridge closes,\n\nit says, ': "csv",
    b"inhalt,datum\nThe bridge closes,1\nIt opens,2\n": "table",
    b"sep=|\na|b|c\n1|2|3\n4|5|": "table",
    b"London, Paris, Rome\n\nThe bridges, old and new, close.\n": "text",
    b"London, Paris\nThe bridges close, says Ann.\nThey open.\n": "text",
    b"Ann, of Holm\nThe bridges close, it says.\nThey open, it says.\n": "text",
    b"Text\n\nThe bridge closes.\n": "text",
    b'Story\n"The bridge closes," said Ann.\n': "text",
    b"<p>A fragment</p>": "text",
    b"Text, he said, is a title of sorts.\n": "text",
    b"[Update] The bridge closed": "text",
    b"{sic} The bridge closed": "text",
    "The bridge".encode("utf-16-le"): "text",
    "{\"text\": \"a\"}".encode("utf-16"): "json",
}  # fmt: skip


@pytest.mark.parametrize(("head", "kind"), BEGINNINGS.items(), ids=repr)
def test_the_first_bytes_tell_the_kind(head: bytes, kind: str) -> None:
    """Each kind is known by how it begins, in any charset, with or without a mark."""
    assert kind_of(head) == kind


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE rss><rss>",
        "<?xml version='1.0'?><!-- <rss> --><!doctype rss SYSTEM 'x'><rss>",
        "<!DOCTYPE rss [<!ENTITY a ']>'> <!ELEMENT b ANY>]><rss>",
        "<!-- a --> <?style b?>\n<!DOCTYPE",
    ],
)
def test_a_document_type_is_found_behind_comments(text: str) -> None:
    """No comment and no instruction hides a document type."""
    assert prologue(text)[1]


def test_a_document_type_inside_the_document_is_text() -> None:
    """A page quoted in an item is no type of the feed."""
    assert prologue("<rss><item><![CDATA[<!DOCTYPE html>]]></item>") == ("rss", False)


def test_a_table_needs_a_header_that_says_so() -> None:
    """A text field, or two known fields, make a header; a sentence with commas does not."""
    assert delimiter_of("url,title\n") == ","
    assert delimiter_of("text\n") == ""
    assert delimiter_of(f"text,{'x' * 80}\n") == ""


@given(st.binary(max_size=80))
def test_any_bytes_are_of_some_kind(head: bytes) -> None:
    """Telling the kind never fails."""
    assert isinstance(kind_of(head), str)
