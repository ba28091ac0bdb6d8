"""Promises of `detector.overview`."""

from __future__ import annotations

import unicodedata
from math import nan

from hypothesis import given
from hypothesis import strategies as st

from detector.overview import Judged, overview, summary_text
from detector.records import RELATIONS, Rejected
from detector.terminal import ansi, columns

SPUN = Judged(
    site="quickcoast.example",
    title="Harbour council sanctions novel ferry dock",
    relation="automated_rewrite",
    score=0.97,
    cannot_tell=None,
    source_site="harbourtimes.example",
    source_title="Harbour council approves new ferry pier",
    why="“approved” became “sanctioned”.",
)
COPY = SPUN._replace(relation="copy", score=0.01, title="Ferry pier approved", why="All copied.")
DOUBT = SPUN._replace(relation=None, cannot_tell="unfamiliar", title="A doubtful one")
ORIGINAL = Judged(
    "harbourtimes.example", "Harbour council approves", None, 0.2, "no_source", "", "", ""
)
SHORT = Rejected("feed.xml", "item 3", "fewer_than_40_words")

texts = st.text(st.characters(exclude_categories=()), max_size=60)
judgements = st.builds(
    Judged,
    site=texts,
    title=texts,
    relation=st.sampled_from([*RELATIONS, None]),
    score=st.one_of(st.just(nan), st.floats(0, 1)),
    cannot_tell=st.sampled_from([None, "no_source", "unfamiliar"]),
    source_site=texts,
    source_title=texts,
    why=texts,
)


def test_accusations_come_first_with_source_and_reason() -> None:
    """A flagged article stands above the others, with its source and its strongest reason."""
    lines = overview([ORIGINAL, COPY, SPUN], [], "out", width=120).splitlines()

    spun = next(i for i, line in enumerate(lines) if SPUN.title in line)
    copy = next(i for i, line in enumerate(lines) if COPY.title in line)
    assert spun < copy
    assert "Rewritten by machine: 1" in lines[:spun]
    assert "very likely (0.97)" in lines[spun]
    assert SPUN.source_site in lines[spun + 1]
    assert SPUN.why in lines[spun + 2]


def test_originals_doubts_and_rejects_are_told_apart() -> None:
    """What has no source, what cannot be told and what was rejected each have their place."""
    text = overview([ORIGINAL, DOUBT], [SHORT], "out", width=120)

    assert "No source in this crawl" in text
    assert "Cannot tell: 1" in text
    assert "unlike those that the model knows" in text
    assert "it has fewer than 40 words" in text
    assert "2 articles of 2 sites judged, 1 input rejected" in text


def test_a_score_of_either_accuses_neither() -> None:
    """Where either article may be the original, the table does not say that this one was made."""
    either = DOUBT._replace(cannot_tell="either_may_be_the_original")
    text = overview([either], [], "out", width=120)

    assert "one of the two: very likely (0.97)" in text
    assert "a machine seems to have made one from the other" in text


def test_it_ends_with_the_results_and_the_next_step() -> None:
    """The last lines say where the results are and which command comes next."""
    text = overview([], [], "some/where")

    assert "Results: some/where/" in text
    assert "unspun batch" in text.splitlines()[-2]


def test_the_summary_counts_in_words() -> None:
    """A batch's summary for people has one count a line, reasons and relations in words."""
    summary = {
        "read": 1200, "rejected": 2, "articles": 1198, "with_source": 3, "flagged": 1,
        "taken": 2, "credited": 1,
        "relations": {"automated_rewrite": 1, "copy": 2},
        "cannot_tell": {"no_source": 1195},
        "rejections": {"not_english": 2},
        "seconds": {"total": 12.3},
    }  # fmt: skip

    lines = summary_text(summary, "out").splitlines()

    assert lines[0] == "    1,200  records read"
    assert "        2  relation: copy" in lines
    assert "    1,195  cannot tell: no source to compare with" in lines
    assert "        2  rejected: it is not in English" in lines
    assert lines[-1] == "12 s; results: out/"


def test_accusations_are_red_where_colours_are_wanted() -> None:
    """Only accusations are painted red."""
    text = overview([SPUN, COPY], [], "out", paint=ansi)

    assert text.count("\x1b[1;31m") == 1


@given(st.lists(judgements, max_size=4), st.integers(90, 120))
def test_foreign_text_neither_steers_nor_overflows(found: list[Judged], width: int) -> None:
    """Whatever titles hold, lines of articles keep to the width and hold no control character."""
    lines = overview(found, [], "out", width=width).split("\n")

    assert not [c for line in lines for c in line if unicodedata.category(c) in ("Cc", "Cs")]
    assert [line for line in lines if columns(line) > width] == []
