"""Candidates: the SQL against the slow and obvious way, and what bounds it."""

from __future__ import annotations

import re
import sys
from datetime import UTC, date, datetime
from functools import cache

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.candidates import (
    CANDIDATE_SOURCES,
    CANDIDATES,
    EARLIEST,
    FIRSTS,
    MOST_ARTICLES,
    SMALLEST_PART,
    TELLING,
    Known,
    Reach,
    candidates,
    may_be_source,
)
from detector.records import Article
from detector.sketch import Sketch

DAY = 86_400_000_000
sketches = st.dictionaries(st.integers(-4, 8), st.integers(1, 9000), max_size=8).map(Sketch)
knowns = st.builds(
    Known,
    sketch=sketches,
    published=st.none() | st.integers(0, 3) | st.sampled_from([-DAY, 1 - DAY, -1, DAY - 1, DAY]),
    page=st.none() | st.integers(-1, 2),
    earliest=st.none() | st.integers(-1, 3),
)


@cache
def database() -> duckdb.DuckDBPyConnection:
    """Open a database with empty tables."""
    connection = duckdb.connect()
    connection.execute(
        "create table terms (article bigint, term bigint, weight integer,"
        " published bigint, page bigint);"
        "create table suspects (article bigint, earliest bigint);"
        "create view frequencies as select term, count(*) as articles from terms group by term"
    )
    return connection


BOUND = """
create or replace table bound as
select case when count(*) = count(earliest) then min(earliest) end as oldest from suspects
"""


def by_sql(known: dict[int, Known], suspects: list[int]) -> list[tuple[int, int, int, int]]:
    """Run the statements over the articles."""
    rows = [
        [number, term, weight, article.published, article.page]
        for number, article in known.items()
        for term, weight in article.sketch.weights.items()
    ]
    connection = database()
    connection.execute("delete from terms; delete from suspects")
    if rows:
        connection.executemany("insert into terms values (?, ?, ?, ?, ?)", rows)
    connection.execute(f"create or replace table telling as {TELLING}")
    wanted = [[suspect, known[suspect].earliest] for suspect in suspects]
    connection.executemany("insert into suspects values (?, ?)", wanted)
    connection.execute(BOUND)
    connection.execute(f"create or replace table firsts as {FIRSTS}")
    return connection.execute(CANDIDATE_SOURCES).fetchall()


def slowly(known: dict[int, Known], suspects: list[int]) -> list[tuple[int, int, int, int]]:
    """Find the same rows one article after another."""
    return [
        (suspect, candidate.source, candidate.shared, place)
        for suspect in sorted(suspects)
        for place, candidate in enumerate(candidates(suspect, known, suspects), start=1)
    ]


def alike(count: int, **facts: object) -> dict[int, Known]:
    """Make articles that share one term."""
    return {number: Known(Sketch({7: 1000}), **facts) for number in range(count)}


@settings(max_examples=60)
@given(st.dictionaries(st.integers(0, 30), knowns, min_size=1, max_size=14), st.data())
def test_the_sql_finds_what_the_slow_way_finds(known, data):
    """The statements give the rows of the obvious loop, in order."""
    suspects = data.draw(st.lists(st.sampled_from(sorted(known)), min_size=1, unique=True))

    assert by_sql(known, suspects) == slowly(known, suspects)


def test_the_source_with_the_most_shared_weight_comes_first():
    """Weights of shared terms add up; the larger sum is the likelier source."""
    known = {
        1: Known(Sketch({5: 3000, 6: 2000, 7: 1000})),
        2: Known(Sketch({5: 3000})),
        3: Known(Sketch({5: 3000, 6: 2000})),
        4: Known(Sketch({8: 9000})),
    }

    assert by_sql(known, [1]) == [(1, 3, 5000, 1), (1, 2, 3000, 2)]


def test_a_later_article_is_no_source():
    """Only what was published before, or at the same time, may be the source."""
    known = alike(3) | {9: Known(Sketch({7: 1000}), published=5)}
    known[0] = Known(Sketch({7: 1000}), published=4)
    known[1] = Known(Sketch({7: 1000}), published=6)
    known[2] = Known(Sketch({7: 1000}), published=5)

    assert {source for _, source, *_ in by_sql(known, [9])} == {0, 2}


@pytest.mark.parametrize("day", [0, -3 * DAY, 20_000 * DAY])
def test_of_a_suspect_without_a_time_of_day_all_that_the_day_brought_may_be_the_source(day):
    """Its midnight is the whole day; a known time, and the next day, are bounds as ever."""
    times = {0: day - 1, 1: day, 2: day + 1, 3: day + DAY - 1, 4: day + DAY, 5: day + DAY + 1}
    known = {n: Known(Sketch({7: 1000}), published=time) for n, time in times.items()}
    found = by_sql(known, [1, 2])

    assert {source for suspect, source, *_ in found if suspect == 1} == {0, 2, 3}
    assert {source for suspect, source, *_ in found if suspect == 2} == {0, 1}


def test_what_is_too_old_is_no_source():
    """A source with a time is no older than the suspect's bound, to the microsecond."""
    known = {n: Known(Sketch({7: 1000}), published=n) for n in (3, 4, 5)}
    known |= {0: Known(Sketch({7: 1000})), 9: Known(Sketch({7: 1000}), published=9, earliest=4)}

    assert {source for _, source, *_ in by_sql(known, [9])} == {0, 4, 5}


@pytest.mark.parametrize(
    ("reach", "earliest"),
    [
        (Reach(), [None, None]),
        (Reach(window=2), [-86_400_000_000, None]),
        (Reach(since=date(1970, 1, 2)), [86_400_000_000] * 2),
        (Reach(window=2, since=date(1970, 1, 2)), [86_400_000_000] * 2),
        (Reach(window=2, since=date(1969, 1, 1)), [-86_400_000_000, -31_536_000_000_000]),
    ],
)
def test_the_later_of_two_bounds_counts(reach, earliest):
    """Days are counted back from the suspect's time; without one only the date bounds."""
    times = "(values (1, 86400000000), (2, null)) as t(n, time) order by n"

    rows = database().execute(f"select {reach.earliest} from {times}").fetchall()  # noqa: S608
    assert [found for (found,) in rows] == earliest


def test_without_a_time_either_may_be_the_source():
    """Where one time is missing, each of the two is a candidate of the other."""
    known = {1: Known(Sketch({7: 1000}), published=5), 2: Known(Sketch({7: 1000}))}

    assert [row[:2] for row in by_sql(known, [1, 2])] == [(1, 2), (2, 1)]


def test_an_earlier_version_of_the_same_page_is_no_source():
    """Articles of one URL are no candidates of each other; those without a URL are."""
    known = alike(2, page=3) | {5: Known(Sketch({7: 1000}))}

    assert [row[:2] for row in by_sql(known, [0])] == [(0, 5)]


TIMES = [datetime(2026, 3, day, hour, tzinfo=UTC) for day in (1, 2) for hour in (0, 12)]


@given(*[st.tuples(st.sampled_from([None, *TIMES]), st.none() | st.integers(1, 2))] * 2)
def test_one_rule_says_what_may_be_a_source(ours, theirs):
    """Of whole articles the same is told as of those that the statements see."""
    known = [
        Known(Sketch({7: 1000}), time and int(time.timestamp()) * 1_000_000, page)
        for time, page in (ours, theirs)
    ]
    suspect, article = (
        Article("", "", url=f"https://a.example/{page}" if page else "", published=time)
        for time, page in (ours, theirs)
    )

    assert may_be_source(article, suspect) == bool(candidates(0, dict(enumerate(known))))


def test_so_many_candidates_and_no_more():
    """CANDIDATES are kept; of equals the earliest, those without a time last."""
    known = alike(CANDIDATES + 3)
    known |= {n: Known(Sketch({7: 1000}), published=-n) for n in (3, 5)}
    found = [source for _, source, *_ in by_sql(known, [9])]

    assert len(found) == CANDIDATES
    assert found[:3] == [5, 3, 0]


@pytest.mark.parametrize(("weight", "found"), [(SMALLEST_PART - 1, 1), (SMALLEST_PART, 0)])
def test_too_small_a_shared_part_is_left_out(weight, found):
    """A candidate shares at least one part in SMALLEST_PART of the suspect's weight."""
    known = {1: Known(Sketch({1: weight, 2: 1})), 2: Known(Sketch({2: 1}))}

    assert len(by_sql(known, [1])) == len(candidates(1, known)) == found


def test_what_everybody_says_finds_those_who_said_it_first():
    """A term of more than MOST_ARTICLES articles finds the EARLIEST of them alone."""
    known = {n: Known(Sketch({7: 1000}), published=-n) for n in range(MOST_ARTICLES)}
    enough = by_sql(known, [0])
    known[MOST_ARTICLES] = Known(Sketch({7: 1000}), published=-MOST_ARTICLES)
    found = by_sql(known, [0, 5, 995])

    assert len(enough) == CANDIDATES
    first = list(range(MOST_ARTICLES, MOST_ARTICLES - EARLIEST, -1))
    assert [source for suspect, source, *_ in found if suspect == 5] == first[:CANDIDATES]
    assert [source for suspect, source, *_ in found if suspect == 995] == first[:5]


def test_of_common_terms_what_is_too_old_for_all_is_passed_over():
    """The earliest count from the oldest time on that any suspect looks back to."""
    known = {n: Known(Sketch({7: 1000}), published=n) for n in range(MOST_ARTICLES + 1)}
    known[1000] = Known(Sketch({7: 1000}), published=1000, earliest=40)
    known[900] = Known(Sketch({7: 1000}), published=900, earliest=30)
    found = by_sql(known, [900, 1000])

    assert [source for suspect, source, *_ in found if suspect == 900] == list(range(30, 40))
    assert [source for suspect, source, *_ in found if suspect == 1000] == []


def test_a_wire_story_printed_by_thousands_is_found_where_it_was_first_printed():
    """Prints of 5,000 papers, and a rewrite that kept a third of the story's terms; the join holds
    no more than the bounds say.
    """
    story = dict.fromkeys(range(48), 5000)
    own = {n: {10**6 + 2 * n: 4000, 10**6 + 2 * n + 1: 4000} for n in range(5001)}
    known = {n: Known(Sketch(story | own[n]), published=10 + n) for n in range(5000)}
    kept = dict.fromkeys(range(16), 5000)
    new = dict.fromkeys(range(2 * 10**6, 2 * 10**6 + 32), 6000)
    known[5000] = Known(Sketch(kept | new), published=9000)
    found = by_sql(known, [3000, 5000])
    held = database().execute("select count(*) from firsts").fetchall()[0][0]

    for suspect in (3000, 5000):
        assert [source for asked, source, *_ in found if asked == suspect] == list(range(10))
    assert held == EARLIEST * 48


@settings(max_examples=40)
@given(st.dictionaries(st.integers(0, 30), knowns, min_size=1, max_size=14), st.data())
def test_common_terms_are_held_alike_by_the_slow_way(known, data):
    """With a bound of three articles a term, and two that are kept of them, both find the same."""
    suspects = data.draw(st.lists(st.sampled_from(sorted(known)), min_size=1, unique=True))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("MOST_ARTICLES", 3), ("EARLIEST", 2)):
            patch.setattr(f"detector.candidates.{name}", value)
        patch.setattr(
            sys.modules[__name__], "TELLING", TELLING.replace(f"> {MOST_ARTICLES}", "> 3")
        )
        patch.setattr(sys.modules[__name__], "FIRSTS", FIRSTS.replace(f"<= {EARLIEST}", "<= 2"))
        found = by_sql(known, suspects)
        expected = [
            (suspect, candidate.source, candidate.shared, place)
            for suspect in sorted(suspects)
            for place, candidate in enumerate(
                candidates(suspect, known, suspects, most_articles=3), start=1
            )
        ]

    assert found == expected


def test_the_statements_use_nothing_that_engines_differ_in():
    """No hash, no non-equality join, no function but those that all engines know."""
    text = f"{TELLING} {FIRSTS} {CANDIDATE_SOURCES} {Reach(30).earliest} {Reach(30).bound}".lower()
    called = set(re.findall(r"(\w+)\s*\(", text)) - {"as", "over", "and", "from"}
    joined = re.findall(r"\bon\s+(\S+ \S+ \S+)", text)

    assert called <= {"sum", "cast", "row_number", "greatest", "coalesce", "count", "min"}
    assert all(re.fullmatch(r"\w+\.\w+ = \w+\.\w+", condition) for condition in joined)
