"""Promises of `detector.report`."""

from __future__ import annotations

import json
import math
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from math import nan
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector import phrases, report, terminal
from detector.features.registry import Feature
from detector.records import FAMILIES, RELATIONS, Article, Evidence, OtherSource, Relation, Verdict
from detector.verdict import EITHER_FIRST, OTHER_NUMBERS, SUSPECT_FIRST

SCHEMA = json.loads((Path(__file__).parent / "golden" / "verdict_schema.json").read_text())
SUSPECT = Article(
    id="s1",
    text="The harbour council sanctioned a novel ferry dock on Tuesday.",
    title="Harbour council sanctions novel ferry dock",
    url="https://quickcoast.example/dock",
    site="quickcoast.example",
    published=datetime(2024, 5, 3, 9, 30, tzinfo=UTC),
)
SOURCE = Article(
    id="o1",
    text="The harbour council approved a new ferry pier on Tuesday.",
    title="Harbour council approves new ferry pier",
    site="harbourtimes.example",
    published=datetime(2024, 5, 2, 18, 0, tzinfo=timezone(timedelta(hours=2))),
)
WORDS: Feature[Article] = Feature(
    name="words",
    unit="words",
    low=0,
    high=math.inf,
    source="unspun",
    version=1,
    family="lexical",
    doc="Count the words.",
    measure=lambda article: float(len(article.text.split())),
)
VERDICT = Verdict(
    id="p1",
    relation="automated_rewrite",
    score=0.97,
    family="synonym_spinner",
    coverage=0.9,
    degree=0.4,
    cannot_tell=None,
    suspect=SUSPECT,
    source=SOURCE,
    first="source",
    other_sources=(),
    attributed="no",
    evidence=(
        Evidence("swapped_words", "“approved” became “sanctioned”.", ((20, 30),), ((20, 28),)),
    ),
    model="m-1",
    version="0.1.0",
)

shares = st.one_of(st.just(nan), st.floats(0, 1))
times = st.one_of(
    st.none(),
    st.datetimes(datetime(1000, 1, 2), datetime(9998, 12, 30), timezones=st.just(UTC)),
)
texts = st.text(st.characters(exclude_categories=()), max_size=40)  # surrogates too
articles = st.builds(
    Article, id=texts, text=texts, title=texts, url=texts, site=texts, published=times
)
spans = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=2).map(tuple)
reasons = st.builds(
    Evidence, kind=st.sampled_from(["copied_run", "kept_order"]), text=texts.filter(bool),
    suspect=spans, source=spans,
)  # fmt: skip


others = st.builds(
    OtherSource,
    st.sampled_from(["further", "runner_up"]),
    id=texts,
    url=texts,
    site=texts,
    coverage=shares,
)


@st.composite
def verdicts(draw: st.DrawFn) -> Verdict:
    """Draw any verdict that the records allow, however odd its texts."""
    relation = draw(st.sampled_from([*RELATIONS, None]))
    machine = relation == "automated_rewrite"
    return Verdict(
        id=draw(texts),
        relation=relation,
        score=draw(shares),
        family=draw(st.sampled_from([*FAMILIES, None])) if machine else None,
        coverage=draw(shares),
        degree=draw(shares),
        cannot_tell="no_source" if relation is None else None,
        suspect=draw(articles),
        source=draw(st.none() | articles),
        first=draw(st.sampled_from(["source", "suspect", "unknown"])),
        other_sources=tuple(draw(st.lists(others, max_size=2))),
        attributed=draw(st.sampled_from(["yes", "no", "licensed", None])),
        evidence=tuple(draw(st.lists(reasons, max_size=2))),
        model="m-1",
        version="0.1.0",
    )


@given(verdicts())
def test_every_verdict_is_one_json_line_of_the_golden_schema(verdict: Verdict) -> None:
    """Whatever an article holds, its verdict is one line of JSON that fits the golden schema."""
    line = report.json_line(report.verdict_object(verdict))

    jsonschema.validate(json.loads(line), SCHEMA)
    assert line.isascii()
    assert len(line.splitlines()) == 1


def test_json_has_exactly_the_documented_keys() -> None:
    """The golden schema lists the keys that a verdict is printed with, in their order."""
    keys = list(report.verdict_object(VERDICT))

    assert list(SCHEMA["properties"]) == keys
    assert sorted(SCHEMA["required"]) == sorted(keys)


def test_times_are_printed_in_utc() -> None:
    """A publication time of another zone is printed as the same moment in UTC."""
    source = report.verdict_object(VERDICT)["source"]

    assert isinstance(source, dict)
    assert source["published"] == "2024-05-02T16:00:00+00:00"


def test_what_was_not_measured_is_null_in_json() -> None:
    """A share that could not be measured is null, never 0 and never NaN."""
    data = report.verdict_object(replace(VERDICT, degree=nan))

    assert data["degree"] is None


@pytest.mark.parametrize("relation", RELATIONS)
def test_every_relation_is_said_in_words(relation: Relation) -> None:
    """The first line for people says the relation in words."""
    verdict = replace(VERDICT, relation=relation)

    assert phrases.RELATION_WORDS[relation] in report.verdict_text(verdict).splitlines()[0]


def test_text_shows_all_that_the_verdict_says() -> None:
    """The text for people holds score and meaning, family, coverage, degree, times and reasons."""
    text = report.verdict_text(VERDICT, width=200)

    for words in (
        "0.97, very likely rewritten by machine",
        "synonym spinner",
        "90% of the suspect's words",
        "40% of their wording",
        "2024-05-02 16:00 UTC",
        "the source was published first",
        "“approved” became “sanctioned”.",
    ):
        assert words in text


@pytest.mark.parametrize("relation", ["excerpt", "copy", "human_rewrite"])
def test_what_was_there_first_is_not_called_a_copy(relation: Relation) -> None:
    """The first line claims nothing that the line on who was first takes back."""
    told = replace(VERDICT, relation=relation, family=None, first="suspect")
    head = report.verdict_text(told, width=200).splitlines()[0]

    assert f"published or seen first, so not called {phrases.RELATION_WORDS[relation]}" in head


def evidences(*kinds: str) -> tuple[Evidence, ...]:
    """Invent a reason of each kind, the strongest first."""
    return tuple(Evidence(kind, f"Reason {place}.") for place, kind in enumerate(kinds, start=1))


def test_five_reasons_are_given_and_one_against() -> None:
    """The five strongest are printed in order, and what speaks against, however weak it is."""
    found = evidences(*["copied_run"] * 6, "own_material")
    lines = report.verdict_text(replace(VERDICT, evidence=found)).splitlines()
    told = lines[lines.index("why, strongest first") + 1 :]

    assert told == [
        "  + Reason 1.",
        "  + Reason 2.",
        "  + Reason 3.",
        "  + Reason 4.",
        "  - Against a rewrite: Reason 7.",
        "    2 more: --json or --html FILE",
    ]


def test_a_score_beside_other_numbers_is_of_the_wording() -> None:
    """Where the numbers speak against a rewrite, the score is told for what it is."""
    held = replace(VERDICT, relation=None, family=None, cannot_tell=OTHER_NUMBERS)
    text = " ".join(report.verdict_text(held).split())

    assert "most of its numbers are not the source's" in text
    assert "by the wording alone" in text


@pytest.mark.parametrize("doubt", [EITHER_FIRST, SUSPECT_FIRST])
def test_a_score_of_either_accuses_neither(doubt: str) -> None:
    """Where it is not known which of two was made, the text does not say that this one was."""
    told = replace(VERDICT, relation=None, family=None, cannot_tell=doubt)
    text = " ".join(report.verdict_text(told).split())

    assert f"cannot tell: {phrases.reason_in_words(doubt)}" in text
    assert "a machine seems to have made one from the other" in text
    assert "that one of the two, not told which, was rewritten by machine" in text


@given(verdicts(), st.integers(30, 120))
def test_a_verdict_keeps_to_the_width(verdict: Verdict, width: int) -> None:
    """No line of a verdict is wider than the terminal, whatever its articles hold."""
    lines = report.verdict_text(verdict, width=width).split("\n")

    assert max(map(terminal.columns, lines)) <= width


def test_a_score_without_a_source_is_called_weaker() -> None:
    """A verdict from the suspect alone says that it is the weaker statement."""
    alone = replace(VERDICT, relation=None, family=None, source=None, cannot_tell="no_source")

    assert "far weaker statement" in " ".join(report.verdict_text(alone).split())


@given(verdicts(), st.integers(40, 120))
def test_foreign_text_cannot_steer_a_terminal(verdict: Verdict, width: int) -> None:
    """No control character, direction override or surrogate of an article reaches a terminal."""
    lines = report.verdict_text(verdict, width=width).split("\n")

    assert not [c for line in lines for c in line if unicodedata.category(c) in ("Cc", "Cs")]
    assert not [c for line in lines for c in line if c in "\u202a\u202b\u202d\u202e\u2066\u2067"]
    "\n".join(lines).encode()


def test_colour_is_only_painted_where_asked() -> None:
    """Colour codes appear with the terminal's paint and are absent otherwise."""
    assert "\x1b[" not in report.verdict_text(VERDICT)
    assert "\x1b[1;31m" in report.verdict_text(VERDICT, paint=terminal.ansi)


@given(texts, st.integers(30, 120))
def test_lines_keep_to_the_width(text: str, width: int) -> None:
    """Wrapped lines keep to the width, however wide or long their words, and lose none of them."""
    lines = terminal.wrap(text, width, first="- ", rest="  ").split("\n")

    assert max(map(terminal.columns, lines)) <= width
    assert "".join(terminal.tame(text).split()) == "".join("".join(lines)[2:].split())


@given(
    st.lists(st.lists(texts, min_size=3, max_size=3), max_size=4),
    st.integers(40, 120),
)
def test_tables_keep_to_the_width(rows: list[list[str]], width: int) -> None:
    """A table is as many lines as rows and a head, none wider than the width."""
    lines = terminal.table(["one", "two", "three"], rows, width=width).split("\n")

    assert len(rows) + 1 == len(lines)
    assert max(map(terminal.columns, lines)) <= width


@pytest.mark.parametrize(
    ("score", "words"),
    [(1.0, "very likely"), (0.9, "very likely"), (0.5, "as likely as not"), (0.0, "very unlikely"),
     (nan, "not measured")],
)  # fmt: skip
def test_a_score_is_said_in_words(score: float, words: str) -> None:
    """The words claim what the calibrated probability says, from its lower bound on."""
    assert words == phrases.likelihood_in_words(score)


def test_an_unknown_reason_is_still_readable() -> None:
    """A reason without a wording of its own is printed with spaces for underscores."""
    assert phrases.reason_in_words("rejected: too_many_tables") == "rejected: too many tables"


def test_a_reason_of_the_source_names_the_source() -> None:
    """A reason why the source cannot be judged does not sound like one of the suspect."""
    assert phrases.reason_in_words("source_not_english") == "of the source, it is not in English"


def test_a_declared_feature_is_printed_with_its_range() -> None:
    """A feature's row shows its range; a bound that does not exist is blank, in JSON null."""
    points = replace(WORDS, low=-math.inf, high=121.22)

    head, row = report.features_text([points], width=120).splitlines()
    assert "..121.22" in row
    assert head.split() == ["family", "name", "unit", "range", "source"]
    assert report.feature_object(points)["low"] is None
    assert report.feature_object(points)["high"] == 121.22


def test_readability_is_printed_with_its_units() -> None:
    """Each of textstat's values is printed with what it means, and nan as not measured."""
    text = report.readability_text(SOURCE, {"gunning_fog": 9.5, "lix": nan}, width=120)

    title, _, fog, lix = text.splitlines()
    assert SOURCE.title in title
    assert fog.split() == ["gunning_fog", "9.50", "US", "school", "grade"]
    assert "not measured" in lix


def test_the_model_is_described_with_both_kinds_of_figures() -> None:
    """A model's figures on corpora it has seen never stand alone."""
    figures = {"auc": 0.9, "accused": None}
    described = {
        "id": "m-1",
        "feature_set": "abc",
        "features": 3,
        "thresholds": {"flag": 0.9},
        "trained_on": {"one": 5, "two": 7},
        "evaluation": {"in_corpus": figures, "leave_one_corpus_out": figures},
        "card": "card.md",
    }

    text = report.model_text(described)

    assert "12 pairs of 2 corpora" in text
    assert text.count("0.900") == text.count("not measured") == 2
    assert "each left out in turn" in text


def test_a_hostile_title_takes_no_time() -> None:
    """A title of a million characters is cut, not measured over and over."""
    hostile = replace(SUSPECT, title="x" * 1_000_000)

    assert len(report.article_in_words(hostile)) < 300
    assert len(terminal.table(["title"], [[hostile.title]], width=60).splitlines()[1]) == 60


def test_only_a_callers_id_is_shown() -> None:
    """The id of a pair heads its verdict; an article's own id says nothing to people."""
    own = replace(VERDICT, id=SUSPECT.id)

    assert report.verdict_text(VERDICT).startswith("p1: rewritten by machine")
    assert report.verdict_text(own).startswith("rewritten by machine")


@pytest.mark.parametrize(
    ("score", "words"), [(0.001, "fewer than one"), (0.5, "about 50"), (0.999, "more than 99")]
)
def test_the_score_is_a_number_of_such_cases(score: float, words: str) -> None:
    """The meaning of a score is how many of a hundred such pairs are machine rewrites."""
    assert words in report.verdict_text(replace(VERDICT, score=score), width=200)
