from __future__ import annotations

import csv
import gzip
import io
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from detector.ingest import read_bytes, tables
from detector.records import Article, Rejected

MOMENT = datetime(2018, 6, 5, 10, 30, tzinfo=UTC)
ROWS = [
    {
        "id": "1",
        "url": "https://example.com/1",
        "text": 'One, "two"\n\nthree',
        "date": "2018-06-05",
    },
    {"id": "2", "url": "https://example.com/2", "text": "Four", "date": ""},
]


def written(rows: list[dict[str, str]], delimiter: str = ",") -> str:
    """Write rows as a table."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def packed(table: pa.Table, **options: object) -> bytes:
    """Write a table as Parquet."""
    sink = io.BytesIO()
    parquet.write_table(table, sink, **options)
    return sink.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_tables_are_read_in_any_dialect(delimiter: str, charset: str) -> None:
    """Delimiter and charset are found; quotes hold delimiters, quotes and lines."""
    rows = [{**row, "text": row["text"] + " – é"} for row in ROWS]
    outcomes = list(read_bytes(written(rows, delimiter).encode(charset), name="x"))

    assert [outcome.id for outcome in outcomes] == ["1", "2"]
    assert [getattr(o, "text", "") for o in outcomes] == ['One, "two"\n\nthree – é', "Four – é"]


def test_a_line_that_names_the_delimiter_is_no_header() -> None:
    """Spreadsheets write one, and the names stand below it."""
    outcomes = list(read_bytes(f"sep=;\r\n{written(ROWS, ';')}".encode(), name="x"))

    assert [outcome.id for outcome in outcomes] == ["1", "2"]


def test_a_table_of_texts_alone_is_read() -> None:
    """One column is enough where its quotes show that it is one."""
    outcomes = list(read_bytes(written([{"text": row["text"]} for row in ROWS]).encode(), name="x"))

    assert [getattr(o, "text", "") for o in outcomes] == ['One, "two"\n\nthree', "Four"]


def test_a_table_of_unknown_names_is_refused_with_those_that_are_known() -> None:
    """It is no article of raw rows; the reason says how a column of texts may be called."""
    rows = [{"nummer": row["id"], "inhalt": row["text"]} for row in ROWS]
    (refused,) = read_bytes(written(rows).encode(), name="x")

    assert isinstance(refused, Rejected)
    assert refused.reason == "unknown_format"
    assert "text, maintext" in refused.detail


def test_a_broken_row_is_refused_at_its_line() -> None:
    """Too many values, none, or no text: each with its reason, and on with the rest."""
    text = "id,text,url\n1,one\n2,a,b,c\n\n3\n4,four,"
    outcomes = list(read_bytes(text.encode(), name="x"))

    found = [(getattr(o, "position", ""), getattr(o, "reason", "")) for o in outcomes]
    assert found == [("", ""), ("line 3", "too_many_values"), ("line 5", "no_text"), ("", "")]


def test_an_unclosed_quote_swallows_no_more_than_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """The row ends as broken, and rows behind it are read."""
    monkeypatch.setattr(tables, "MAX_LINE_BYTES", 100)
    text = 'id,text\n1,"open\n' + "2,two of many more words\n" * 12
    outcomes = list(read_bytes(text.encode(), name="x"))

    assert isinstance(outcomes[0], Rejected)
    assert outcomes[0].reason == "broken_csv"
    assert isinstance(outcomes[-1], Article)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_parquet_is_read_with_its_types(pack: object) -> None:
    """Stamps finer than a microsecond, numbers and missing values come as they are meant."""
    nanoseconds = int(MOMENT.timestamp()) * 1_000_000_000 + 1
    stamps = pa.array([nanoseconds, None], pa.timestamp("ns", tz="Europe/Paris"))
    table = pa.table(
        {"ID": [1, 2], "text": ["One", None], "published": stamps, "vector": [[0.1], [0.2]]}
    )
    outcomes = list(read_bytes(pack(packed(table)), name="x"))  # type: ignore[operator]

    assert isinstance(outcomes[0], Article)
    assert (outcomes[0].id, outcomes[0].text, outcomes[0].published) == ("1", "One", MOMENT)
    assert outcomes[1] == Rejected("x", "row 2", "no_text", "", "2")


@pytest.mark.parametrize(
    ("moments", "kind"),
    [
        ([2**62, -(2**62)], pa.timestamp("us")),
        ([2**50, -(2**50)], pa.timestamp("s")),
        ([2**60, -(2**60)], pa.timestamp("ms", tz="UTC")),
        ([10**7, -(10**7)], pa.date32()),
    ],
    ids=str,
)
def test_a_time_beyond_the_calendar_is_none(moments: list[int], kind: pa.DataType) -> None:
    """It costs the article its date, and no other row anything."""
    whole = pa.int32() if kind == pa.date32() else pa.int64()
    stamps = pa.concat_arrays([pa.array(moments, whole).cast(kind), pa.array([MOMENT], kind)])
    table = pa.table({"text": ["One", "Two", "Three"], "published": stamps})
    outcomes = list(read_bytes(packed(table), name="x"))

    assert [getattr(o, "text", "") for o in outcomes] == ["One", "Two", "Three"]
    assert [getattr(o, "published", "") is None for o in outcomes] == [True, True, False]


@pytest.mark.parametrize("zone", ["-0500", "UTC+1", "-05:00", "Europe/Paris", "nowhere"])
def test_the_name_of_a_time_zone_costs_nothing(zone: str) -> None:
    """Parquet's stamps are of UTC, whatever zone they are to be shown in."""
    stamps = pa.array([int(MOMENT.timestamp())], pa.timestamp("s", tz=zone))
    (article,) = read_bytes(packed(pa.table({"text": ["One"], "date": stamps})), name="x")

    assert isinstance(article, Article)
    assert article.published == MOMENT


def test_text_that_is_not_utf_8_is_read_like_that_of_a_file() -> None:
    """In whatever charset it is, and no other row is lost."""
    texts = pa.array(["Caf\xe9 of the harbour".encode("cp1252"), b"Two"]).view(pa.string())
    outcomes = list(read_bytes(packed(pa.table({"text": texts, "title": ["a", "b"]})), name="x"))

    assert [getattr(o, "text", "") for o in outcomes] == ["Café of the harbour", "Two"]


def test_of_columns_of_one_name_the_first_is_read() -> None:
    """As of those that differ in case."""
    table = pa.table([["One"], ["a"], ["b"]], names=["text", "title", "title"])
    (article,) = read_bytes(packed(table), name="x")

    assert isinstance(article, Article)
    assert (article.text, article.title) == ("One", "a")


def test_parquet_is_read_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows keep their number across batches."""
    monkeypatch.setattr(tables, "_BATCH_ROWS", 2)
    table = pa.table({"text": ["One", "Two", "Three", "", "Five"]})
    outcomes = list(read_bytes(packed(table), name="x"))

    assert [getattr(outcome, "position", "") for outcome in outcomes] == ["", "", "", "row 4", ""]


def test_a_table_without_rows_is_refused_as_that() -> None:
    """An empty table of either kind gives a reason."""
    empty = pa.table({"text": pa.array([], pa.string())})
    reasons = [
        [getattr(outcome, "reason", "") for outcome in read_bytes(data, name="x")]
        for data in (packed(empty), b"id,text\n", b"id,text\n\n\r\n\n")
    ]

    assert reasons == [["no_records"]] * 3


def test_rows_without_a_text_have_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small file of millions is given up, and says so; rows among articles are refused each."""
    monkeypatch.setattr(tables, "MAX_EMPTY_ROWS", 3)
    texts = [None, None, "One", None, None, "Two", None, None, None, None, "Three"]
    outcomes = list(read_bytes(packed(pa.table({"text": texts})), name="x"))

    reasons = [getattr(outcome, "reason", "") for outcome in outcomes]
    assert reasons == ["" if text else "no_text" for text in texts[:9]] + ["too_broken"]


WHOLE = packed(pa.table({"text": [f"Story number {n} of the day" for n in range(50)]}))


@settings(max_examples=60)
@given(st.integers(4, len(WHOLE) - 1), st.integers(0, 255), st.booleans())
def test_damaged_parquet_gives_articles_or_reasons(at: int, byte: int, cut: bool) -> None:
    """A byte changed anywhere, or the end cut off, never makes reading fail."""
    damaged = WHOLE[:at] if cut else WHOLE[:at] + bytes([byte]) + WHOLE[at + 1 :]

    assert list(read_bytes(damaged, name="x"))
