"""Whatever strangers write: articles, reasons, or an error that says what to do; within bounds.

Fresh inputs for half an hour: ``python tests/ingest/fuzz.py --minutes 30``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from html import escape
from pathlib import Path
from threading import Thread

import pytest
from bounded import measured
from fuzz import READ, sound
from hostile import CASES, STORY, http, item, page, record, rss, warc, write_case
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.ingest import articles, read, read_bytes, tables
from detector.records import Article, Rejected

# Of address space, of memory in use, and of processor time, for each case.
ADDRESSES, MEGABYTES, SECONDS = 3_000_000_000, 700, 30


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_input_ends_in_articles_or_reasons(name: str, tmp_path: Path) -> None:
    """Each case ends with outcomes, and none takes more than 700 MB or half a minute."""
    write_case(CASES[name], tmp_path / "input")
    outcomes, seconds, megabytes = measured(str(tmp_path / "input"), ADDRESSES, SECONDS)

    assert outcomes
    assert [reason for reason in outcomes if reason.startswith(("killed", "raised"))] == []
    assert seconds < SECONDS
    assert megabytes < MEGABYTES


@pytest.mark.parametrize("kind", ["feed", "page"])
def test_nothing_of_the_machine_gets_into_an_article(kind: str, tmp_path: Path) -> None:
    """An external entity is never followed."""
    secret = tmp_path / "secret"
    secret.write_text("The word is halyard.")
    for name in (name for name in CASES if name.startswith(kind) and "external" in name):
        write_case(CASES[name], tmp_path / "input")
        data = (tmp_path / "input").read_bytes().replace(b"/etc/passwd", str(secret).encode())
        found = list(read_bytes(data, name="x"))

        assert not any("halyard" in o.text for o in found if isinstance(o, Article))


def test_addresses_keep_no_credentials_and_no_other_scheme() -> None:
    """Of what an input calls a URL only web addresses are kept, without names and passwords."""
    given = ("https://user:secret@harbour.example/a", "file:///etc/passwd", "javascript:alert(1)")
    found = [next(read_bytes(record(url=url), name="x")) for url in given]

    assert [o.url for o in found if isinstance(o, Article)] == ["https://harbour.example/a", "", ""]


# ---------------------------------------------------------------- bounds


def reasons(data: bytes) -> list[str]:
    """Read bytes; give "" for articles."""
    return [o.reason if isinstance(o, Rejected) else "" for o in read_bytes(data, name="x")]


def test_a_row_has_a_bound_whatever_its_quotes_join(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines that quotes join to an endless row are one reason, and reading goes on behind them."""
    monkeypatch.setattr(tables, "MAX_LINE_BYTES", 1000)
    rows = b"text,title\n" + b'"\n",' * 400 + b"\n\nThe bridge closes.,a\n"

    assert reasons(rows)[0] == "broken_csv"
    assert reasons(rows)[-1] == ""


def test_a_line_beyond_the_bound_is_not_lost_in_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table's line that is too long is a reason, and the next row is read."""
    monkeypatch.setattr("detector.ingest.streams.MAX_LINE_BYTES", 100)

    assert reasons(b"text,title\n" + b"x" * 500 + b",a\nThe bridge.,b\n") == ["broken_csv", ""]


def test_an_article_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text of more characters than the bound is refused, with its id."""
    monkeypatch.setattr(articles, "MAX_ARTICLE_CHARACTERS", 100)
    (refused,) = read_bytes(record(id="long"), name="x")

    assert isinstance(refused, Rejected)
    assert (refused.reason, refused.id) == ("too_large", "long")


INSIDE = "<p>{}</p>".format("Inside is a paragraph on the bridge. " * 9)
DEEP = f"{'<div>' * 300}{INSIDE}{'</div>' * 300}"
NESTED = b'"a": ' + b"[" * 600 + b"]" * 600


@pytest.mark.parametrize(
    "data",
    [
        page(f"<p>{STORY}</p>{DEEP}<p>{STORY}</p>"),
        record(text=f"<p>{STORY}</p>{DEEP}<p>{STORY}</p>"),
        json.dumps({"html": f"<html><body><p>{STORY}</p>{DEEP}</body></html>"}).encode(),
        record(title=DEEP),
        rss(item(DEEP)),
        rss(item(text=escape(DEEP))),
        record().replace(b"{", b"{" + NESTED + b", "),
        b"[" + record().replace(b"{", b"{\n" + NESTED + b", ") + b"]",
    ],
    ids=["page", "field", "page in a field", "title", "item", "item's text", "line", "value"],
)
def test_depth_has_a_bound(data: bytes) -> None:
    """Parsers stop at some depth and lose the rest in silence; before that comes a reason."""
    assert reasons(data) == ["too_deep"]


@pytest.mark.parametrize(
    "fields",
    [
        {"text": STORY},
        {"text": ""},
        {"text": DEEP},
        {"text": "x" * 10_000_000},
        {"html": f"<html><body>{DEEP}"},
        {"html": f"<html><body>{STORY}"},
    ],
    ids=["article", "nothing", "deep", "long", "deep page", "page"],
)
def test_an_id_can_be_written_wherever_it_goes(fields: dict[str, str]) -> None:
    """Of an article and of a refusal: half a pair of surrogates is no text, in neither."""
    (outcome,) = read_bytes(json.dumps({"id": "\ud800a-1", **fields}).encode(), name="x")

    assert outcome.id == "a-1"


def test_time_has_a_bound(tmp_path: Path) -> None:
    """A page or field that keeps Python busy is given up; all else of archives and files is read.

    What reads them is made slow, since no input is known that takes so long.
    """
    program = """
import sys
from detector.ingest import pages, paragraphs, read
from detector.records import Rejected

def slowly(function):
    def slow(text):
        while "slow" in text:
            try:
                sum(range(1000))
            except Exception:
                continue
        return function(text)
    return slow
pages._tree = slowly(pages._tree)
paragraphs._unescaped = slowly(paragraphs._unescaped)
print([o.reason if isinstance(o, Rejected) else "" for o in read(sys.argv[1:])])
"""
    slow, sound = page(f"<p>slow {STORY}</p>"), page(f"<p>{STORY}</p>")
    (tmp_path / "a.html").write_bytes(slow)
    (tmp_path / "b.html").write_bytes(sound)
    (tmp_path / "c.warc").write_bytes(warc(http(slow)) + warc(http(sound)))
    (tmp_path / "d.jsonl").write_bytes(record(text="slow") + record())
    (tmp_path / "e.rss").write_bytes(rss(item(text="slow") + item()))
    begin = os.times()
    ran = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        env={**os.environ, "UNSPUN_MAX_SECONDS": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (ran.stdout, ran.stderr) == (f"{['too_slow', ''] * 4}\n", "")
    assert os.times().children_user - begin.children_user < 20


def test_a_reader_without_end_is_given_up() -> None:
    """Where a whole reader is slow, what it gave before is kept."""
    program = """
from pathlib import Path
from types import MappingProxyType
from detector.ingest import read_bytes, reading

def endless(stream, name):
    yield from text(stream, name)
    while True:
        pass
text = reading.READERS["text"]
reading.READERS = MappingProxyType({**reading.READERS, "text": endless})
found = list(read_bytes(b"The bridge of Sorrel closes. " * 20, name="x"))
print(type(found[0]).__name__, found[1].reason, found[1].position, len(found))
"""
    ran = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "UNSPUN_MAX_SECONDS": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (ran.stdout, ran.stderr) == ("Article too_slow after 1 2\n", "")


def test_a_thread_is_read_in_as_well() -> None:
    """Where Python has no timer, reading goes without."""
    found: list[Article | Rejected] = []
    thread = Thread(target=lambda: found.extend(read_bytes(record(), name="x")))
    thread.start()
    thread.join()

    assert [type(outcome) for outcome in found] == [Article]


@pytest.mark.parametrize(("value", "status"), [("300", 0), ("0", 1), ("-5", 1), ("many", 1)])
def test_bounds_are_options(value: str, status: int, tmp_path: Path) -> None:
    """An environment variable sets a bound; one that is no number is an error with a next step."""
    (tmp_path / "a.jsonl").write_bytes(record())
    ran = subprocess.run(
        [sys.executable, "-m", "detector", "readability", str(tmp_path / "a.jsonl")],
        env={**os.environ, "UNSPUN_MAX_ARTICLE_CHARACTERS": value},
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert ran.returncode == (1 if status else 0)
    assert "Traceback" not in ran.stderr
    assert ("too large" in ran.stderr) == (not status)
    assert ("Try: unset it" in ran.stderr) == bool(status)


# ---------------------------------------------------------------- files


def test_a_folder_of_odd_files_is_read_through(tmp_path: Path) -> None:
    """Rings of links, dangling links, pipes and missing rights are reasons; the rest is read."""
    (tmp_path / "ring").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "story.txt").write_text(STORY)
    found = {Path(o.input).name: o.reason for o in read([tmp_path]) if isinstance(o, Rejected)}

    assert found == dict.fromkeys(("loop", "dangling", "pipe"), "unreadable")
    assert sum(isinstance(o, Article) for o in read([tmp_path])) == 1


def test_a_file_that_grows_while_it_is_read_ends(tmp_path: Path) -> None:
    """Lines appended meanwhile are read, and one half written is a reason."""
    path = tmp_path / "growing.jsonl"
    path.write_bytes(record(id="1") * 200)
    found = []
    with path.open("ab", buffering=0) as more:
        for outcome in read([path]):
            found.append(outcome)
            if len(found) == 100:
                more.write(record(id="2") * 200 + record(id="3")[:50])

    assert sum(isinstance(o, Article) for o in found) == 400
    assert [o.reason for o in found if isinstance(o, Rejected)] == ["broken_json"]


def test_a_file_cut_while_it_is_read_ends(tmp_path: Path) -> None:
    """What was read before the cut stays."""
    path = tmp_path / "shrinking.jsonl"
    path.write_bytes(record(title="x" * 50_000) * 200)
    outcomes = read([path])
    first = next(outcomes)
    os.truncate(path, 0)

    assert isinstance(first, Article)
    assert all(isinstance(o, (Article, Rejected)) for o in outcomes)


# ---------------------------------------------------------------- fuzzing


@settings(max_examples=60)
@given(st.data())
@pytest.mark.parametrize("kind", READ)
def test_damaged_inputs_end_in_articles_or_reasons(kind: str, data: st.DataObject) -> None:
    """Cut, doubled, overwritten and mixed, an input of any kind is read to an end."""
    damaged = data.draw(READ[kind])

    assert sound(list(read_bytes(damaged, name="x")))


NAMES = ("text", "url", "id", "date", "html", "title", "items", "version")
PLAIN = st.none() | st.booleans() | st.floats() | st.text(max_size=20)
VALUES = st.recursive(
    PLAIN,
    lambda v: st.lists(v, max_size=3) | st.dictionaries(st.sampled_from(NAMES), v, max_size=5),
)


@given(VALUES)
def test_any_json_ends_in_articles_or_reasons(value: object) -> None:
    """Known names with values of every type raise nothing."""
    assert sound(list(read_bytes(json.dumps(value).encode(), name="x")))
