"""Promises of `detector.questions`."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector import questions, verdict
from detector.classify import Model
from detector.errors import DetectorError
from detector.records import Article, Rejected, Verdict

MODEL = cast(Model, SimpleNamespace(id="m-1"))
TEXT = "The harbour council approved a new ferry pier on Tuesday after a long debate. " * 5

Pairs = Iterable[tuple[str, Article, Article]]


def judge_ahead(batch: int) -> Callable[[Pairs, Model], Iterator[Verdict]]:
    """Make a judge that reads that many pairs before it answers the first of them."""

    def judge(pairs: Pairs, model: Model) -> Iterator[Verdict]:
        waiting = iter(pairs)
        while read := list(islice(waiting, batch)):
            for name, suspect, source in read:
                yield verdict.cannot_tell(suspect, source, "judged", id=name, model=model)

    return judge


def ask(path: Path, *lines: object) -> tuple[list[questions.Question], list[Rejected]]:
    """Write the lines to a file of pairs and read it; bytes go in as they are."""
    raw = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    path.write_bytes(b"\n".join(raw) + b"\n")
    rejected: list[Rejected] = []
    return list(questions.questions(str(path), rejected.append)), rejected


@given(st.lists(st.booleans(), max_size=12), st.integers(1, 5))
def test_every_question_is_answered_in_its_place(good: list[bool], batch: int) -> None:
    """However far the judge reads ahead, each question has one answer, under its id, in order."""
    article, refused = Article(id="a", text=TEXT), Rejected("-", "line 1", "no_text")
    asked = [
        questions.Question(str(i), article, article if fit else refused)
        for i, fit in enumerate(good)
    ]

    told = list(questions.answers(asked, MODEL, judge_ahead(batch)))

    assert [verdict.id for verdict in told] == [question.id for question in asked]
    assert [verdict.cannot_tell == "judged" for verdict in told] == good


def test_a_pair_may_be_of_strings_or_of_article_objects(tmp_path: Path) -> None:
    """Each side of a pair is a bare text or an article object."""
    source = {"text": TEXT, "title": "Pier approved", "url": "https://harbour.example/pier"}

    asked, rejected = ask(tmp_path / "p.jsonl", {"id": "p1", "suspect": TEXT, "source": source})

    assert rejected == []
    (question,) = asked
    assert isinstance(question.suspect, Article)
    assert isinstance(question.source, Article)
    assert question.id == "p1"
    assert question.source.title == "Pier approved"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{broken", "broken_json"),
        (b'{"\xff\xfe"', "broken_json"),
        (b"[" * 100_000, "too_deep"),
        (["a", "list"], "not_an_object"),
        ({"source": TEXT}, "no_suspect"),
        ({"suspect": TEXT, "source": 7}, "no_source"),
        ({"suspect": TEXT, "source": {"title": "only a title"}}, "no_text"),
    ],
)
def test_a_bad_line_is_answered_and_named(tmp_path: Path, line: object, reason: str) -> None:
    """A line that cannot be judged keeps its place; its verdict and stderr give the reason."""
    good = {"id": "good", "suspect": TEXT, "source": TEXT}

    asked, rejected = ask(tmp_path / "p.jsonl", good, b"", line, good)
    told = list(questions.answers(asked, MODEL, judge_ahead(2)))

    assert [verdict.id for verdict in told] == ["good", "3", "good"]
    assert told[1].relation is None
    assert told[1].cannot_tell == f"rejected: {reason}"
    assert {item.reason for item in rejected} == {reason}
    assert all(item.position.startswith("line 3") for item in rejected)


PAIR = json.dumps({"suspect": f"“Größe”: {TEXT}", "source": TEXT}, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_pairs_are_recognised_by_what_they_hold(
    tmp_path: Path, charset: str, pack: Callable[[bytes], bytes]
) -> None:
    """A file of pairs may be packed and in another charset, as every other input."""
    path = tmp_path / "pairs"
    path.write_bytes(pack((PAIR * 2).encode(charset)))
    rejected: list[Rejected] = []

    asked = list(questions.questions(str(path), rejected.append))

    assert rejected == []
    assert [question.id for question in asked] == ["1", "2"]
    for question in asked:
        assert isinstance(question.suspect, Article)
        assert question.suspect.text.startswith("“Größe”: The harbour")


def test_a_packed_file_of_pairs_is_read_up_to_where_it_breaks_off(tmp_path: Path) -> None:
    """Of a truncated gzip all whole lines are answered, and one more says what is missing."""
    path = tmp_path / "pairs"
    many = "".join(PAIR.replace("ferry", f"ferry{i * i}") for i in range(5000))
    path.write_bytes(gzip.compress(many.encode())[:-2000])
    rejected: list[Rejected] = []

    asked = list(questions.questions(str(path), rejected.append))

    assert len(asked) > 1000
    assert {item.reason for item in rejected} <= {"unreadable"}
    assert [item.position for item in rejected] == [f"line {len(asked)}"]


@pytest.mark.parametrize(
    "content", [b"PAR1" + bytes(200), b"PK\x03\x04" + bytes(200), b"BZh91AY", b"<rss></rss>"]
)
def test_what_holds_no_lines_of_text_is_no_file_of_pairs(tmp_path: Path, content: bytes) -> None:
    """It is refused as a whole, rather than line by line with what its bytes look like."""
    path = tmp_path / "pairs"
    path.write_bytes(content)

    with pytest.raises(DetectorError, match="holds no pairs") as caught:
        list(questions.questions(str(path), lambda _: None))

    assert "one JSON object a line" in caught.value.hint


def test_a_rejection_steers_no_terminal() -> None:
    """What an input holds is shown without its controls."""
    told = Rejected("p.jsonl", "line 1", "broken_json", "\x1b]0;owned\x07")

    assert "\x1b" not in questions.rejection(told)


def test_an_id_of_any_kind_becomes_a_string(tmp_path: Path) -> None:
    """An id that is a number, zero included, comes back as its digits."""
    asked, _ = ask(tmp_path / "p.jsonl", {"id": 0, "suspect": TEXT, "source": TEXT})

    assert asked[0].id == "0"


def test_pairs_are_read_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hyphen stands for standard input."""
    line = json.dumps({"suspect": TEXT, "source": TEXT}).encode()
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(line)))

    (question,) = questions.questions("-", lambda _: None)

    assert question.id == "1"


def test_a_missing_file_of_pairs_is_the_users_to_mend(tmp_path: Path) -> None:
    """A file of pairs that is not there is an error that names it and says what to give."""
    with pytest.raises(DetectorError, match=r"cannot read .*absent\.jsonl: No such file") as caught:
        list(questions.questions(str(tmp_path / "absent.jsonl"), lambda _: None))

    assert "--pairs" in caught.value.hint


def test_one_article_is_one_article(tmp_path: Path) -> None:
    """A file of one article gives it."""
    path = tmp_path / "a.txt"
    path.write_text(TEXT)

    assert "ferry pier" in questions.one_article(str(path)).text


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.txt", "", "empty.txt"),
        ("two.jsonl", f'{{"text": "{TEXT}"}}\n{{"text": "{TEXT}"}}\n', "more than one article"),
        ("none.jsonl", '{"title": "only a title"}\n', "there is no text"),
    ],
)
def test_a_file_that_is_not_one_article_is_refused(
    tmp_path: Path, name: str, content: str, message: str
) -> None:
    """A file with no article, several, or a rejected one is an error with a next step."""
    path = tmp_path / name
    path.write_text(content)

    with pytest.raises(DetectorError, match=message) as caught:
        questions.one_article(str(path))
    assert caught.value.hint


def test_sources_are_all_articles_of_a_folder(tmp_path: Path) -> None:
    """Every article of a folder is a possible source, and what is rejected is handed over."""
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "b.jsonl").write_text(f'{{"text": "{TEXT}"}}\n{{"title": "only"}}\n')
    rejected: list[Rejected] = []

    found = questions.sources(Article("a", "Any."), str(tmp_path), rejected.append)

    assert len(found) == 2
    assert [item.reason for item in rejected] == ["no_text"]


def test_no_source_at_all_is_an_error(tmp_path: Path) -> None:
    """Comparing with a folder that holds no article is an error, not a verdict."""
    with pytest.raises(DetectorError):
        questions.sources(Article("a", "Any."), str(tmp_path), lambda _: None)


def test_readability_is_measured_in_english_only(tmp_path: Path) -> None:
    """English articles are measured by every formula; others are rejected with that reason."""
    (tmp_path / "a.txt").write_text(TEXT)
    german = "Der Rat der Hafenstadt hat am Dienstag nach langer Debatte den neuen Anleger "
    (tmp_path / "b.txt").write_text((german + "für die Fähren beschlossen. ") * 5)
    rejected: list[Rejected] = []

    measured = list(questions.readability(str(tmp_path), rejected.append))

    ((_, values),) = measured
    assert "flesch_reading_ease" in values
    assert [item.reason for item in rejected] == ["not_english"]


def test_a_rejection_says_where_and_why() -> None:
    """The line for stderr names the input, the place in it and the reason in words."""
    line = questions.rejection(Rejected("feed.xml", "item 3", "no_text", "empty description"))

    assert line == "rejected feed.xml, item 3: there is no text (empty description)"


def described() -> dict[str, Any]:
    """Describe the shipped model."""
    return questions.shipped_model()


def test_the_shipped_model_is_described_with_its_figures() -> None:
    """The description names the model, its lines and its measured errors."""
    found = described()

    assert found["id"]
    assert found["features"] > 0
    assert found["evaluation"]
    assert Path(found["card"]).is_file()
