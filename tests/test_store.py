"""The store: rows keep what records hold, and a file is whole or absent."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from math import nan
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector import store
from detector.records import Article, Evidence, OtherSource, Rejected, Verdict

NUMBERS = pa.schema([("n", pa.int64())])
times = st.none() | st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30)).map(
    lambda time: time.replace(tzinfo=UTC)
)
counts = st.integers(0, 10**6)
articles = st.builds(
    Article,
    id=st.text(),
    text=st.text(),
    title=st.text(),
    published=times,
    fetched=times,
    lookalike_words=counts,
    parted_words=counts,
    hidden_words=counts,
)


def batches(*sizes: int) -> list[pa.RecordBatch]:
    """Give batches of so many rows."""
    return [store.batch_of([{"n": i} for i in range(size)], NUMBERS) for size in sizes]


def verdict(**changes: object) -> Verdict:
    """Give a verdict."""
    facts = {
        "id": "v",
        "relation": "copy",
        "score": 0.25,
        "family": None,
        "coverage": 0.5,
        "degree": nan,
        "cannot_tell": None,
        "suspect": Article("a", "long text", url="https://a.example/1", site="a.example"),
        "source": Article("b", "text", published=datetime(2026, 3, 1, tzinfo=UTC)),
        "first": "unknown",
        "attributed": "yes",
        "other_sources": (OtherSource("further", "c", "", "c.example", 0.25),),
        "evidence": (Evidence("copied_run", "12 words", ((0, 4), (9, 12)), ()),),
        "model": "m",
        "version": "0.1.0",
    }
    return Verdict(**(facts | changes))


@given(st.lists(articles, max_size=5))
def test_articles_come_back_as_they_were(found):
    """An article laid out as a row and taken back is equal, to the microsecond."""
    batch = store.batch_of(map(store.article_row, found), store.ARTICLES)

    assert [store.article_of(row) for row in batch.to_pylist()] == found


def test_a_rejection_is_a_row():
    """A rejected input keeps place, reason, detail and id."""
    rejected = Rejected("feed.xml", "item 3", "no_text", "empty", "x")

    assert store.batch_of([store.rejected_row(rejected)], store.REJECTED).to_pylist() == [
        {
            "input": "feed.xml",
            "position": "item 3",
            "reason": "no_text",
            "detail": "empty",
            "id": "x",
        }
    ]


def test_a_name_that_is_no_utf8_can_be_stored():
    """Bytes of a file's name that no text has are written out."""
    name = os.fsdecode(b"caf\xe9.txt")
    row = store.rejected_row(Rejected(name, "", "unreadable", f"cannot read {name}"))
    (stored,) = store.batch_of([row], store.REJECTED).to_pylist()

    assert stored["input"] == r"caf\udce9.txt"
    assert stored["detail"] == r"cannot read caf\udce9.txt"


def test_a_verdict_is_a_flat_row_with_its_evidence():
    """Suspect and source become columns, evidence a list, and what is not measured null."""
    (row,) = store.batch_of([store.verdict_row(verdict())], store.VERDICTS).to_pylist()

    assert (row["suspect_id"], row["suspect_site"], row["source_id"]) == ("a", "a.example", "b")
    assert row["source_published"] == datetime(2026, 3, 1, tzinfo=UTC)
    assert row["degree"] is None
    assert row["evidence"] == [
        {"kind": "copied_run", "text": "12 words", "suspect": [[0, 4], [9, 12]], "source": []}
    ]


def test_a_verdict_without_a_source_has_nulls_there():
    """No source, no values in its columns."""
    row = store.verdict_row(verdict(source=None))

    assert {row[f"source_{name}"] for name in ("id", "url", "site", "title", "published")} == {None}


@pytest.mark.parametrize("write", [store.write_parquet, store.write_arrow])
def test_a_written_file_is_hashed_and_counted(tmp_path: Path, write):
    """What was written can be read, and its name, rows and hash are told."""
    path = tmp_path / "numbers"
    written = write(path, batches(3, 4), NUMBERS)

    assert (written.name, written.rows) == ("numbers", 7)
    assert written.sha256 == store.hash_of(path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["numbers"]


def test_an_arrow_file_is_mapped(tmp_path: Path):
    """Batches of an Arrow file can be taken one by one."""
    store.write_arrow(tmp_path / "a", batches(2, 1), NUMBERS)

    with store.opened_arrow(tmp_path / "a") as reader:
        assert reader.get_batch(1).to_pylist() == [{"n": 0}]


def test_a_failed_write_leaves_the_old_file(tmp_path: Path):
    """An error in the middle leaves what was there before, and nothing half written."""
    path = tmp_path / "numbers.parquet"
    store.write_parquet(path, batches(2), NUMBERS)
    before = store.hash_of(path)

    def failing():
        yield from batches(5)
        raise RuntimeError("the reader broke down")

    with pytest.raises(RuntimeError):
        store.write_parquet(path, failing(), NUMBERS)
    assert store.hash_of(path) == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["numbers.parquet"]


def test_a_file_that_reads_back_short_is_not_published(tmp_path: Path, monkeypatch):
    """Fewer rows read than written: an error, and no file."""
    real = pq.ParquetFile.iter_batches
    monkeypatch.setattr(pq.ParquetFile, "iter_batches", lambda file: list(real(file))[1:])

    with pytest.raises(OSError, match="wrote 5 rows, read back 0"):
        store.write_parquet(tmp_path / "numbers", batches(5), NUMBERS)
    assert list(tmp_path.iterdir()) == []


def test_plain_data_is_written_as_json(tmp_path: Path):
    """A JSON file is written whole, too."""
    written = store.write_json(tmp_path / "a.json", {"é": [1]})

    assert written.rows == 1
    assert (tmp_path / "a.json").read_bytes().endswith(b"}\n")


def test_sweeping_takes_what_a_process_was_writing_and_nothing_else(tmp_path: Path) -> None:
    """Its name ends in the number of a process; a folder, or another ending, is somebody's."""
    (tmp_path / ".rows.parquet.2024").mkdir()
    for name in (".rows.parquet.77", ".rows.parquet.7a", ".rows.parquet.", "rows.parquet"):
        (tmp_path / name).touch()

    store.sweep(tmp_path / "rows.parquet")

    left = {path.name for path in tmp_path.iterdir()}
    assert left == {".rows.parquet.2024", ".rows.parquet.7a", ".rows.parquet.", "rows.parquet"}
