from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.errors import DetectorError
from detector.ingest import from_record, read, read_bytes, reading
from detector.records import Article, Rejected

LINE = json.dumps({"id": "a", "text": "The swing bridge closes on Monday."}).encode()
STORY = b"The swing bridge closes on Monday."


def ids(*inputs: str | Path) -> list[str]:
    """Read inputs; give the texts of bare files and the ids of records."""
    return [outcome.id or outcome.reason for outcome in read(inputs)]  # type: ignore[union-attr]


def test_a_folder_is_read_through_in_order(tmp_path: Path) -> None:
    """Files sorted, folders after them, hidden ones passed over."""
    for name in ("b.jsonl", "a.jsonl", "sub/c.jsonl", ".hidden/d.jsonl", ".e.jsonl"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps({"id": path.stem, "text": "x"}))

    assert ids(tmp_path) == ["a", "b", "c"]


def test_several_inputs_are_read_in_the_order_given(tmp_path: Path) -> None:
    """A file, a glob and a folder stand side by side; a glob's matches are sorted."""
    for name in ("one", "two", "three"):
        (tmp_path / f"{name}.jsonl").write_text(json.dumps({"id": name, "text": "x"}))

    assert ids(tmp_path / "two.jsonl", f"{tmp_path}/**/*e.jsonl") == ["two", "one", "three"]


def test_a_name_with_glob_characters_stands_for_itself(tmp_path: Path) -> None:
    """A file called a[1].jsonl can be named."""
    path = tmp_path / "a[1].jsonl"
    path.write_bytes(LINE)

    assert ids(path) == ["a"]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_the_name_of_a_file_means_nothing(tmp_path: Path, pack: object) -> None:
    """JSON lines in a .png, packed or not, are JSON lines."""
    path = tmp_path / "picture.png"
    path.write_bytes(pack(LINE))  # type: ignore[operator]

    assert ids(path) == ["a"]


def test_standard_input_is_read_and_left_open() -> None:
    """A dash stands for it, and it is not ours to close."""
    stdin = io.BytesIO(LINE)

    assert [outcome.id for outcome in read(["-"], stdin=stdin)] == ["a"]
    assert not stdin.closed


def test_a_pipe_is_read_as_standard_input() -> None:
    """The process's own standard input can be a pipe."""
    program = "from detector.ingest import read; print(len(list(read(['-']))))"
    ran = subprocess.run(
        [sys.executable, "-c", program],
        input=gzip.compress(LINE),
        capture_output=True,
        check=True,
    )

    assert ran.stdout == b"1\n", ran.stderr


@pytest.mark.parametrize("name", ["no-such-file", "no-such-*.jsonl", "folder"])
def test_a_name_that_stands_for_nothing_is_the_users_to_mend(tmp_path: Path, name: str) -> None:
    """A missing file, an empty glob and an empty folder end the call at once, with a hint."""
    (tmp_path / "folder").mkdir()

    with pytest.raises(DetectorError, match=name.replace("*", r"\*")) as error:
        read([tmp_path / name])
    assert error.value.hint


def test_no_input_at_all_is_the_users_to_mend() -> None:
    """An empty list of inputs is no empty crawl."""
    with pytest.raises(DetectorError, match="no input"):
        read([])


def test_a_file_that_cannot_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Named, it ends the run with a hint; found in a folder, it is a reason among the others."""
    (tmp_path / "a.jsonl").write_bytes(LINE)
    (tmp_path / "b.jsonl").write_bytes(LINE)
    opened = Path.open

    def refuse(path: Path, mode: str = "r") -> object:
        if path.name == "a.jsonl":
            raise PermissionError(13, "Permission denied")
        return opened(path, mode)

    monkeypatch.setattr(Path, "open", refuse)

    assert [getattr(outcome, "reason", "") for outcome in read([tmp_path])] == ["unreadable", ""]
    with pytest.raises(DetectorError, match=r"cannot read .*a\.jsonl") as error:
        list(read([tmp_path / "a.jsonl"]))
    assert "permissions" in error.value.hint


def test_a_folder_that_cannot_be_listed_is_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its siblings are read."""
    (tmp_path / "a.jsonl").write_bytes(LINE)
    (tmp_path / "closed").mkdir()
    listed = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return listed(path)

    monkeypatch.setattr(os, "scandir", refuse)
    article, refused = read([tmp_path])

    assert isinstance(article, Article)
    assert refused == Rejected(str(tmp_path / "closed"), "", "unreadable", "Permission denied")


def test_a_disk_that_fails_midway_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read before it stays."""

    def fail(*_: object) -> object:
        yield from_record("one", input="x", position="")
        raise OSError(5, "Input/output error")

    monkeypatch.setitem(reading.__dict__, "READERS", {"json": fail})
    article, refused = read_bytes(LINE, name="x")

    assert isinstance(article, Article)
    assert refused == Rejected("x", "", "unreadable", "Input/output error")


REASONS = {
    b"": "no_text",
    b" \n": "no_text",
    b"%PDF-1.7 ...": "unknown_format",
    b"\x00\x01\x02": "unknown_format",
    b"<?xml version='1.0'?><sitemap/>": "unknown_format",
    b"\x1f\x8b\x07xxxxxxxxxxxx": "broken_gzip",
    gzip.compress(STORY * 999, mtime=0)[:-20]: "truncated",
    b"WARC/1.0\r\njunk": "no_pages",
    b"PAR1 junk": "broken_parquet",
    b'{"a": 1}': "no_text",
}


@pytest.mark.parametrize(("data", "reason"), REASONS.items(), ids=lambda value: repr(value)[:30])
def test_what_cannot_be_read_has_a_reason(data: bytes, reason: str) -> None:
    """Empty, foreign, broken and clipped inputs each say what is wrong with them."""
    (outcome,) = read_bytes(data, name="x")

    assert isinstance(outcome, Rejected)
    assert (outcome.input, outcome.reason) == ("x", reason)


def test_lines_before_a_break_are_kept() -> None:
    """A clipped gzip of JSON lines gives its whole lines, then the reason."""
    rows = b"".join(
        json.dumps({"id": str(n), "text": os.urandom(30).hex()}).encode() + b"\n"
        for n in range(999)
    )
    packed = gzip.compress(rows)
    *articles, last = read_bytes(packed[: len(packed) // 2], name="x")

    assert len(articles) > 100
    assert isinstance(last, Rejected)
    assert last.reason == "truncated"


@pytest.mark.parametrize("form", ["feed", "streamed feed", "array"])
def test_items_before_a_break_are_kept(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clipped gzip of a feed or of an array of JSON gives what it holds, then the reason."""
    texts = [os.urandom(60).hex() for _ in range(999)]
    items = "".join(f"<item><description>{text}</description></item>" for text in texts)
    whole = f"<rss version='2.0'><channel>{items}</channel></rss>"
    if form == "array":
        whole = json.dumps([{"text": text} for text in texts], indent=2)
    elif form == "streamed feed":
        monkeypatch.setattr("detector.ingest.feeds.MAX_FEED_IN_MEMORY", 1000)
    packed = gzip.compress(whole.encode())
    *found, last = read_bytes(packed[: len(packed) // 2], name="x")

    kept = [outcome.text for outcome in found if isinstance(outcome, Article)]
    assert len(kept) > 300
    assert kept[:-1] == texts[: len(kept) - 1]
    assert isinstance(last, Rejected)
    assert last.reason == "truncated"


@pytest.mark.parametrize("data", [STORY, b"<p>" + STORY + b"</p>", STORY.decode().encode("utf-16")])
def test_a_plain_text_is_one_article(data: bytes) -> None:
    """A text, in any charset, or a fragment of HTML is read whole."""
    (article,) = read_bytes(data, name="x")

    assert isinstance(article, Article)
    assert article.text == STORY.decode()


def test_an_oversize_text_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A log is no article."""
    monkeypatch.setattr("detector.ingest.text.MAX_TEXT_BYTES", 10)
    (outcome,) = read_bytes(STORY, name="x")

    assert isinstance(outcome, Rejected)
    assert outcome.reason == "too_large"


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """Ten times the lines take the same memory."""
    peaks = []
    for count in (300, 3000):
        path = tmp_path / f"{count}.jsonl"
        record = json.dumps({"text": "A line of a story that goes on. " * 60})
        path.write_text(f"{record}\n" * count)
        tracemalloc.start()
        assert sum(1 for _ in read([path])) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[1] < 1.5 * peaks[0]


def test_importing_ingest_loads_no_heavy_library() -> None:
    """Parsers load with the first input that needs them."""
    program = (
        "import sys, detector.ingest; "
        "print([m for m in ('trafilatura', 'lxml', 'pyarrow', 'fastwarc',"
        " 'fastfeedparser', 'tldextract', 'brotli') if m in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert ran.stdout == "[]\n"


BEGINNINGS = (
    b"", b"{", b'{"text": "', b"[{", b"<rss>", b"<feed>", b"<html>", b"WARC/1.0\r\n",
    b"PAR1", b"\x1f\x8b\x08", b"id,text\n", b"\xff\xfe", b"<?xml version='1.0' encoding='utf-7'?>",
    b"\x04\x22\x4d\x18", b"\x28\xb5\x2f\xfd",
)  # fmt: skip


@settings(max_examples=150)
@given(st.sampled_from(BEGINNINGS), st.binary(max_size=120))
def test_any_bytes_end_in_articles_or_reasons(begin: bytes, rest: bytes) -> None:
    """No input whatever makes reading fail or passes in silence."""
    outcomes = list(read_bytes(begin + rest, name="x"))

    assert outcomes
    assert all(isinstance(outcome, (Article, Rejected)) for outcome in outcomes)


@given(st.text(max_size=60))
def test_ids_are_the_same_in_every_run(text: str) -> None:
    """Reading the same record twice gives the same outcome."""
    first, second = (from_record(text, input="x", position="1") for _ in range(2))

    assert first == second
