"""Disguise is counted where it is one, told as evidence, and lost on no way to a verdict."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_model import write_small_model

from detector import store
from detector.archive import file as files
from detector.archive import schema
from detector.batch import Machine, Rules, add, run
from detector.classify import load_model
from detector.clean import clean, disguise
from detector.clean.characters import fold
from detector.evidence import disguise as told
from detector.evidence.disguise import FEWEST_DISGUISED, FEWEST_HIDDEN
from detector.ingest import from_record
from detector.pages import pair_page
from detector.pipeline import judge, judge_pair
from detector.records import Article, Verdict
from detector.report import verdict_object, verdict_text
from training.tricks import TRICKS, Material

STORY = (
    "Harbour wardens in Saltmere counted 1,204 kittiwakes on the roof of the pier theatre on "
    "Tuesday. Councillor Oriel Banfield said the colony had doubled since the storm of 1987.\n\n"
    "The engineers will leave the scaffolding where it is until the chicks have fledged in July, "
    "she told a meeting in the old customs house, and the repainting can wait another summer.\n\n"
    "Nobody in the town has asked yet what the theatre will do when the birds come back in March."
)
ORCHARD = (
    "Brindle growers replanted fourteen thousand apple trees after the winter floods. A barrel of "
    "cider costs a third more than it did a year ago, and the press at Lower Wexholm is idle.\n\n"
    "Nobody expects a harvest worth the name before the autumn after next, said the chairwoman of "
    "the growers, whose own orchard lies beside the river and stood under water for nine weeks."
)
HIDING = [name for name in TRICKS if name.startswith("hidden")]
LETTERS = [n for n, trick in TRICKS.items() if trick.kind == "character" and n not in HIDING]
SHY = "\u00ad"


def played(name: str, text: str = STORY) -> str:
    """Play a trick on a text."""
    return TRICKS[name].change(text, Material(text, ORCHARD, random.Random(1)))


def cleaned(text: str) -> Article:
    """Read and clean a text as every run does."""
    found = from_record({"text": text}, input="x", position="")
    assert isinstance(found, Article)
    return clean(found)


def counts(article: Article) -> tuple[int, int, int]:
    """Give what an article's record says of disguise."""
    return article.lookalike_words, article.parted_words, article.hidden_words


def kinds(verdict: Verdict) -> list[str]:
    """Give the kinds of a verdict's evidence, in its order."""
    return [reason.kind for reason in verdict.evidence]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a small model."""
    return write_small_model(tmp_path_factory.mktemp("model"))


# ---------------------------------------------------------------- what counts


@pytest.mark.parametrize("name", [*LETTERS, *HIDING])
def test_every_character_trick_is_told(name: str) -> None:
    """Of a text that readers see as it was, the evidence says what programs saw."""
    (reason,) = told(cleaned(played(name)))

    assert reason.kind == ("hidden_text" if name in HIDING else "disguised_words")


@pytest.mark.parametrize(
    "text",
    [
        "The café of Zoë Brandt in Orléans served Antonín Dvořák, Nguyễn Thị Lệ and Þórður Ås.",
        f"Die Nacht{SHY}fähre be{SHY}diente zu{SHY}letzt ein{SHY}sam die Insel{SHY}be{SHY}wohner.",
        f"The re{SHY}spon{SHY}si{SHY}ble mem{SHY}bers of the coun{SHY}cil dis{SHY}agreed.",
        "Family 👨\u200d👩\u200d👧\u200d👦 waved ❤\ufe0f at 1\ufe0f\u20e3 🏴\U000e0067\U000e007f.",
        "The inscription reads «Γνῶθι σεαυτόν, ὦ ξένε» and, below it, «Μηδὲν ἄγαν» in red.",
        "The sign said «Осторожно, окрашено», and the crew of the «Сухона» laughed at it.",
        "Persian \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645, Hindi \u0915\u094d\u200d\u0937.",
        "\ufeffA mark of byte order begins this, and \u200b spaces of no width part words.\u200b",
        "The o\ufb03ce \ufb01led it.",
        "A lowered i\u0307zmir, i\u0307stanbul, i\u0307nce, i\u0307smet, i\u0307pek, i\u0307nci.",
        "In mice TNFα, IFNα and PPARα rose; TNFα fell again, and TNFα is what they measured: TNFα.",
        "It&shy;’s the harbour’s “best” pier… it’s 5 % dearer – and 3 × as long.",
    ],
)  # fmt: skip
def test_honest_texts_are_not_told(text: str) -> None:
    """Names, typesetting, emoji, other scripts and their joiners are no disguise."""
    assert told(cleaned(f"{text} {STORY}")) == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("th\u0435 s\u0430me s\u0430me", (2, 0)),
        ("\uff54he \U0001d429ier", (2, 0)),
        ("p\u0335ier", (1, 0)),
        ("h\u200bar\u2060bour", (0, 1)),
        (f"s{SHY}he harbou{SHY}r har{SHY}{SHY}bour har{SHY}bour", (0, 3)),
        ("th\u200b\u0435 pier", (1, 0)),
        ("har&#8203;bour", (0, 1)),
        ("сухо и тепло", (0, 0)),
        ("", (0, 0)),
    ],
)
def test_different_words_are_counted(text: str, found: tuple[int, int]) -> None:
    """One word counts once, however often it stands there."""
    assert disguise.disguise_of(text) == found


@given(st.text(alphabet=st.characters(), max_size=60))
def test_a_folded_text_has_no_disguise(text: str) -> None:
    """What is counted is what is taken away, whatever the text is made of."""
    assert disguise.disguise_of(fold(text)) == (0, 0)


@given(st.lists(st.sampled_from(LETTERS), max_size=3), st.sampled_from(HIDING))
def test_cleaning_twice_keeps_the_count(letters: list[str], hiding: str) -> None:
    """A clean article stays as it is, with what was found on the way."""
    text = STORY
    for name in (*letters, hiding):
        text = played(name, text)
    once = cleaned(text)

    assert clean(once) == once
    assert (sum(counts(once)[:2]) > 0) == bool(letters)
    assert once.hidden_words > 0


# ---------------------------------------------------------------- what is said


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ((FEWEST_DISGUISED - 1, 0, FEWEST_HIDDEN - 1), []),
        (
            (FEWEST_DISGUISED, 0, 0),
            ["The text holds 5 different words spelt with look-alikes of Latin letters or with "
             "stray marks."],
        ),
        (
            (0, FEWEST_DISGUISED, 0),
            ["The text holds 5 different words with invisible characters inside."],
        ),
        (
            (1, FEWEST_DISGUISED - 1, FEWEST_HIDDEN),
            [
                "The text holds 1 different word spelt with look-alikes of Latin letters or with "
                "stray marks and 4 different words with invisible characters inside.",
                "Markup hides 40 words between the paragraphs from readers; they are no part of "
                "what is judged.",
            ],
        ),
    ],
)  # fmt: skip
def test_it_is_said_in_plain_words(found: tuple[int, int, int], said: list[str]) -> None:
    """Counts from the least number on make a sentence each for disguised words and hidden text."""
    names = ("lookalike_words", "parted_words", "hidden_words")
    article = replace(Article("a", STORY), **dict(zip(names, found, strict=True)))

    assert [reason.text for reason in told(article)] == said


def test_disguise_comes_first_and_changes_nothing_else(model: Path) -> None:
    """Score, relation and the other reasons are those of the plain text."""
    opinion, source = load_model(model), Article("o", f"{STORY} {ORCHARD}")
    plain = judge_pair(Article("s", STORY), source, opinion)
    hidden = judge_pair(Article("s", played("homoglyphs, Cyrillic")), source, opinion)

    reasons = [kind for kind in kinds(hidden) if not kind.startswith("looks_")]
    assert reasons[0] == "disguised_words"
    assert [kind for kind in kinds(hidden) if kind != "disguised_words"] == kinds(plain)
    assert (hidden.score, hidden.relation) == (plain.score, plain.relation)


def test_it_is_said_of_what_has_no_source(model: Path) -> None:
    """Where nothing can be told of the relation, the disguise still can."""
    verdict = judge(Article("s", played("zero-width characters")), [], load_model(model))

    assert (verdict.cannot_tell, kinds(verdict)) == ("no_source", ["disguised_words"])


def test_every_report_shows_it(model: Path) -> None:
    """Terminal, JSON and page hold the sentence."""
    verdict = judge(Article("s", played("zero-width characters")), [], load_model(model))
    (reason,) = verdict.evidence

    assert reason.text in " ".join(verdict_text(verdict).split())
    assert verdict_object(verdict)["evidence"][0]["text"] == reason.text  # type: ignore[index]
    assert reason.text in " ".join(pair_page(verdict).split())


# ---------------------------------------------------------------- the whole way

CRAWL = [
    {"id": "plain", "url": "https://a.example/1", "date": "2026-03-01", "text": STORY},
    {
        "id": "letters",
        "url": "https://b.example/1",
        "date": "2026-03-02",
        "text": played("homoglyphs, Cyrillic"),
    },
    {
        "id": "markup",
        "url": "https://c.example/1",
        "date": "2026-03-03",
        "text": played("hidden by display"),
    },
    {
        "id": "alone",
        "url": "https://d.example/1",
        "date": "2026-03-04",
        "text": played("soft hyphens", ORCHARD),
    },
]


def written(path: Path, records: list[dict[str, str]]) -> Path:
    """Write records, one JSON object a line."""
    path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    return path


def rows(out: Path, name: str) -> dict[str, dict[str, Any]]:
    """Read a table of results by id."""
    return {row["id"]: row for row in pq.read_table(out / f"{name}.parquet").to_pylist()}


def test_a_crawl_tells_what_one_article_tells(model: Path, tmp_path: Path) -> None:
    """Judged by `batch`, in two crawls with an archive, and alone, an article has one count."""
    one = Machine(jobs=1)
    run([written(tmp_path / "all.jsonl", CRAWL)], tmp_path / "all", machine=one, model=model)
    seen = Rules(archive=tmp_path / "seen.duckdb")
    for name, part in (("first", CRAWL[:1]), ("second", CRAWL[1:])):
        inputs = [written(tmp_path / f"{name}.jsonl", part)]
        run(inputs, tmp_path / name, machine=one, model=model, rules=seen)
    found = [from_record(record, input="x", position="") for record in CRAWL]
    single = {a.id: clean(a) for a in found if isinstance(a, Article)}

    stored = {
        name: store.article_of(row) for name, row in rows(tmp_path / "all", "articles").items()
    }
    assert {name: counts(a) for name, a in stored.items()} == {
        name: counts(a) for name, a in single.items()
    }
    with duckdb.connect(str(seen.archive), read_only=True) as connection:
        kept = connection.execute(
            "select id, lookalike_words, parted_words, hidden_words from articles"
        ).fetchall()
    assert {name: tuple(numbers) for name, *numbers in kept} == {
        name: counts(a) for name, a in single.items()
    }
    together, later = rows(tmp_path / "all", "verdicts"), rows(tmp_path / "second", "verdicts")
    for name in ("letters", "markup", "alone"):
        assert later[name]["evidence"] == together[name]["evidence"]
        assert [reason.text for reason in told(single[name])] == [
            reason["text"]
            for reason in together[name]["evidence"]
            if reason["kind"] in ("disguised_words", "hidden_text")
        ]
        assert told(single[name])


def test_an_archive_of_the_version_before_is_brought_up(model: Path, tmp_path: Path) -> None:
    """Its articles go on as sources, without a count, and what comes later is counted."""
    path, one = tmp_path / "seen.duckdb", Machine(jobs=1)
    add([written(tmp_path / "first.jsonl", CRAWL[:1])], path, machine=one)
    with duckdb.connect(str(path)) as connection:
        for name in ("lookalike_words", "parted_words", "hidden_words"):
            connection.execute(f"alter table articles drop column {name}")
        connection.execute("update about set schema_version = 1")
    inputs = [written(tmp_path / "second.jsonl", CRAWL[1:2])]
    run(inputs, tmp_path / "out", machine=one, model=model, rules=Rules(archive=path))

    (verdict,) = rows(tmp_path / "out", "verdicts").values()
    assert verdict["source_id"] == "plain"
    assert "disguised_words" in [reason["kind"] for reason in verdict["evidence"]]
    with duckdb.connect(str(path), read_only=True) as connection:
        columns = [row[0] for row in connection.execute("describe articles").fetchall()]
        kept = dict(connection.execute("select id, lookalike_words from articles").fetchall())
        (version,) = connection.execute("select schema_version from about").fetchone() or (0,)
    assert version == files.VERSION
    assert columns == schema.TABLES["articles"].names
    assert kept["plain"] == 0
    assert kept["letters"] >= FEWEST_DISGUISED
