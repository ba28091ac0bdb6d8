from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.ingest.charset import decode, wide_mark

SENTENCE = "The café’s owner said “no” – twice."


@pytest.mark.parametrize(
    "charset", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "cp1252"]
)
def test_english_text_is_read_in_any_charset_that_news_comes_in(charset: str) -> None:
    """Marks, zeros and bytes tell the charset without a declaration."""
    assert decode(SENTENCE.encode(charset)) == SENTENCE


def test_utf8_wins_over_a_wrong_declaration() -> None:
    """Bytes that are valid UTF-8 are UTF-8, whatever the server says."""
    assert decode(SENTENCE.encode(), declared="iso-8859-1") == SENTENCE


def test_a_declaration_decides_where_the_bytes_do_not() -> None:
    """Cyrillic in its own charset is read as declared; Latin-1 is meant as cp1252."""
    assert decode("Новости дня".encode("koi8-r"), declared=" KOI8-R ") == "Новости дня"
    assert decode(SENTENCE.encode("cp1252"), declared="latin1") == SENTENCE


@pytest.mark.parametrize("declared", ["utf-7", "zlib", "punycode", "no-such-charset", "\x00", "é"])
def test_a_strange_declaration_is_passed_over(declared: str) -> None:
    """Codecs that hide markup or are no charsets are never used."""
    assert decode(b"+ADw-b caf\xe9", declared=declared) == "+ADw-b café"


def test_a_few_broken_bytes_do_not_spoil_utf8() -> None:
    """Text that is mostly UTF-8 stays so; the broken byte alone is replaced."""
    assert decode("déjà vu café".encode() + b"\xff") == "déjà vu café\ufffd"


def test_a_wide_mark_is_named_before_the_narrow_one_it_begins_with() -> None:
    """UTF-32's mark is not taken for UTF-16's."""
    assert wide_mark(codecs.BOM_UTF32_LE + b"x\x00\x00\x00") == "utf-32-le"
    assert wide_mark(b"plain text") == ""


@given(st.binary(max_size=200), st.text(max_size=10))
def test_any_bytes_give_text(data: bytes, declared: str) -> None:
    """Decoding never fails."""
    assert isinstance(decode(data, declared=declared), str)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\ufeff\x00")))
def test_utf8_is_read_exactly(text: str) -> None:
    """What was written in UTF-8 is read without a change."""
    assert decode(text.encode()) == text
