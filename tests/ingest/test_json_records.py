from __future__ import annotations

import json

import pytest

from detector.ingest import read_bytes, streams
from detector.records import Article, Rejected

RECORDS = [{"id": str(n), "text": f"Story number {n} of the day.", "extra": [n]} for n in (1, 2, 3)]
FORMS = {
    "lines": "\n".join(map(json.dumps, RECORDS)),
    "lines with gaps": "\n\n".join(map(json.dumps, RECORDS)) + "\r\n\n",
    "array": json.dumps(RECORDS),
    "printed array": json.dumps(RECORDS, indent=2),
    "a line each": "[\n" + ",\n".join(map(json.dumps, RECORDS)) + "\n]",
    "printed objects": "\n".join(json.dumps(record, indent=2) for record in RECORDS),
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_form_of_json_gives_the_same_articles(text: str, charset: str) -> None:
    """Lines, arrays and objects one after another differ in their places alone."""
    outcomes = list(read_bytes(text.encode(charset), name="x"))

    assert [outcome.id for outcome in outcomes] == ["1", "2", "3"]
    assert [getattr(outcome, "text", "") for outcome in outcomes] == [r["text"] for r in RECORDS]


@pytest.mark.parametrize("before", ["", "\n", "\n\n \n"])
def test_a_broken_line_is_refused_by_its_number(before: str) -> None:
    """The number counts blank lines too, and reading goes on."""
    text = f'{{"text": "one"}}\n{before}{{"text": oops\n{{"text": "two"}}\n'
    outcomes = list(read_bytes(text.encode(), name="x"))

    assert [type(outcome) for outcome in outcomes] == [Article, Rejected, Article]
    assert outcomes[1] == Rejected(
        "x", f"line {2 + before.count(chr(10))}", "broken_json", '{"text": oops'
    )


def test_a_broken_first_line_does_not_spoil_the_rest() -> None:
    """Lines are known for lines by the second one."""
    outcomes = list(read_bytes(b'{"text": "one\n{"text": "two"}\n{"text": "three"}', name="x"))

    assert [type(outcome) for outcome in outcomes] == [Rejected, Article, Article]


@pytest.mark.parametrize("first", ["null", "5", "[1]", "# exported", 'of a text", "id": "0"}'])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_first_line_that_is_no_object_is_refused_alone(first: str, end: str) -> None:
    """A comment, a bare value, the rest of a line that was cut: the records behind it are read."""
    outcomes = list(read_bytes(end.join([first, FORMS["lines"]]).encode(), name="x"))

    assert [type(outcome) for outcome in outcomes] == [Rejected, Article, Article, Article]
    assert getattr(outcomes[0], "position", "") == "line 1"


def test_a_json_feed_gives_its_items() -> None:
    """HTML, text and summary are bodies in this order; an item's own number is no id."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Post",
        "items": [
            {"id": "1", "url": "https://example.com/1", "content_html": "<p>One</p><p>Two</p>",
             "content_text": "no", "title": "A", "date_published": "2018-06-05T10:30:00Z"},
            {"id": "https://example.com/2", "content_text": "Three", "summary": "no"},
            {"id": 3, "summary": "Four"},
            {"id": 4, "title": "no text"},
            "Five",
        ],
    }  # fmt: skip
    outcomes = list(read_bytes(json.dumps(feed, indent=1).encode(), name="x"))

    texts = [getattr(outcome, "text", None) for outcome in outcomes]
    assert texts == ["One\n\nTwo", "Three", "Four", None, "Five"]
    assert outcomes[1].id == "https://example.com/2"
    assert len(outcomes[0].id) == 16
    assert isinstance(outcomes[3], Rejected)
    assert (outcomes[3].position, outcomes[3].reason) == ("item 4", "no_text")


@pytest.mark.parametrize("text", ["[ ]", "[[1, 2], {}]", "[{}]", "{ }"])
def test_json_without_an_article_gives_a_reason(text: str) -> None:
    """Nothing that was given is passed over in silence."""
    outcomes = list(read_bytes(text.replace("[[", "[\n[").encode(), name="x"))

    assert outcomes
    assert all(isinstance(outcome, Rejected) for outcome in outcomes)


def test_a_line_beyond_all_bounds_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lines around it are read."""
    monkeypatch.setattr(streams, "MAX_LINE_BYTES", 40)
    text = f'{{"text": "one"}}\n{{"text": "{"x" * 100}"}}\n{{"text": "two"}}\n'
    outcomes = list(read_bytes(text.encode(), name="x"))

    assert [getattr(outcome, "reason", "") for outcome in outcomes] == ["", "too_large", ""]
