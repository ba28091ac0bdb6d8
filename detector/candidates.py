"""Stage 5: which earlier articles share an article's telling terms, by SQL over tables of terms.

The statements run unchanged on DuckDB and on Spark: joins by equality only, filters outside them,
no function that differs between engines, whole numbers only, ties broken by columns. They read
tables that the caller provides:

* ``terms (article, term, weight, published, page)``: all that can be a source, one row a term;
  ``article`` any whole number, ``published`` microseconds UTC or null, ``page`` a hash of the URL
  or null;
* ``suspects (article, earliest)``: the articles to find sources for; their terms are in ``terms``
  too. What was published before ``earliest``, microseconds UTC, is no source; null for no bound;
* ``frequencies (term, articles)``: how many articles a term is found by. Several rows of one term
  add up, so that counts which were kept need not be counted again;
* ``telling (term, common)`` and ``firsts (article, term, published, page)``: what `TELLING` and
  `FIRSTS` give, stored once, the second from ``bound (oldest)``, the first ``earliest`` of all
  suspects of a run, null where one has none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from detector.dates import earlier
from detector.records import Article
from detector.sketch import Sketch

# Articles that a term is looked up in. A suspect with it would touch all that share it: this bounds
# the join, whatever the crawl holds. A term of more articles is common, and finds the EARLIEST of
# them alone: where a wire story was printed by thousands, those that printed it first.
# Swept 300, 1000, 3000, 5000 on 30,573 articles of the mirror: source among the first ten .981,
# .985, .985, .985; articles touched 3,368, 6,969, 7,557, 7,729.
MOST_ARTICLES = 1000
EARLIEST = 10
# Candidates kept for each suspect; alignment chooses among them.
CANDIDATES = 10
# A candidate shares at least one part in this many of the weight of the suspect's telling terms.
# Of 450 rewrites, excerpts and merged articles .984 had the source among the first ten; as much
# with one part in 33, .980 with one in 20, .967 with one in 14. Of what there is to align for an
# article without a source, some ten before, they leave 6.1, 2.7 and 1.4.
SMALLEST_PART = 25

_DAY = 86_400_000_000  # microseconds

TELLING = f"""
select term, case when sum(articles) > {MOST_ARTICLES} then 1 else 0 end as common
from frequencies
group by term
"""  # noqa: S608 - a constant

FIRSTS = f"""
select article, term, published, page
from (
  select t.article, t.term, t.published, t.page,
    row_number() over (
      partition by t.term order by t.published asc nulls last, t.article asc
    ) as turn
  from terms t
  join telling k on k.term = t.term
  where k.common = 1
    and (t.published is null or t.published >= coalesce((select oldest from bound), t.published))
) as in_turn
where turn <= {EARLIEST}
"""  # noqa: S608 - a constant

# A page is no source of its own revision, so equal pages are left out; other pages of the same
# site stay. Of equal times neither is the earlier one, so both directions are looked at; so they
# are where a suspect's day alone is known, its midnight: what that day brought may be its source
# (`detector.dates.earlier`).
CANDIDATE_SOURCES = f"""
with wanted as (
  select t.article, t.term, t.weight, t.published, t.page, s.earliest
  from terms t
  join suspects s on s.article = t.article
),
weighed as (
  select article, cast(sum(weight) as bigint) as weight
  from wanted
  group by article
),
holders as (
  select t.article, t.term, t.published, t.page
  from terms t
  join telling k on k.term = t.term
  where k.common = 0
  union all
  select article, term, published, page
  from firsts
),
found as (
  select w.article as suspect, t.article as source, t.published,
    cast(sum(w.weight) as bigint) as shared
  from wanted w
  join holders t on t.term = w.term
  where t.article <> w.article
    and (t.published is null or w.published is null or t.published <= w.published
      + case when w.published % {_DAY} = 0 then {_DAY - 1} else 0 end)
    and (t.published is null or w.earliest is null or t.published >= w.earliest)
    and (t.page is null or w.page is null or t.page <> w.page)
  group by w.article, t.article, t.published
),
ranked as (
  select f.suspect, f.source, f.shared,
    row_number() over (
      partition by f.suspect
      order by f.shared desc, f.published asc nulls last, f.source asc
    ) as place
  from found f
  join weighed w on w.article = f.suspect
  where {SMALLEST_PART} * f.shared >= w.weight
)
select suspect, source, shared, cast(place as integer) as place
from ranked
where place <= {CANDIDATES}
order by suspect, place
"""  # noqa: S608 - a constant


# Days that a run with an archive looks back by default: what is copied later is rare, and what is
# looked through for it grows with every run.
ARCHIVE_WINDOW = 30

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Reach:
    """How far back sources are looked for; a source without a time is never too old."""

    window: int = 0  # days before the suspect's own time; 0 for all
    since: date | None = None  # in UTC

    @property
    def bound(self) -> str:
        """Give the SQL for ``bound``, of a table ``kept`` of all suspects with their ``time``."""
        return f"""
        select case when count(*) = count(earliest) then min(earliest) end as oldest
        from (select {self.earliest} as earliest from kept) as suspects
        """  # noqa: S608 - of numbers

    @property
    def earliest(self) -> str:
        """Give the SQL for ``earliest``, of a column ``time`` in microseconds UTC or null."""
        bounds = [f"time - {self.window * _DAY}"] if self.window else []
        if self.since:
            bounds.append(f"{(self.since - _EPOCH.date()).days * _DAY}")
        # A bound more, so that there are always two; both engines pass over nulls.
        return f"greatest(cast(null as bigint), {', '.join(bounds or ['null'])})"


@dataclass(frozen=True, slots=True)
class Known:
    """An article as the statements see it."""

    sketch: Sketch
    published: int | None = None  # microseconds UTC
    page: int | None = None  # hash of the URL
    earliest: int | None = None  # microseconds UTC; of the sources that are looked at


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that may be a suspect's source."""

    source: int
    shared: int  # summed weight of the shared terms, thousandths of a nat


def candidates(
    suspect: int,
    known: Mapping[int, Known],
    suspects: Collection[int] = (),
    *,
    most_articles: int = MOST_ARTICLES,
) -> list[Candidate]:
    """Find a suspect's candidates as the statements do, one article after another.

    For a handful of articles; and what the statements are tested against.

    Parameters
    ----------
    suspect : number of the suspect in ``known``
    known : all articles by number, the suspect among them
    suspects : all that are asked for at once; by default the one
    most_articles : terms of more articles than this are common
    """
    wanted = known[suspect]
    times = [known[number].earliest for number in suspects or (suspect,)]
    oldest = min((time for time in times if time is not None), default=None)
    holders = _holders(known, None if None in times else oldest, most_articles)
    least = sum(wanted.sketch.weights.values()) / SMALLEST_PART
    found = [
        Candidate(number, sum(w for t, w in wanted.sketch.weights.items() if number in holders[t]))
        for number, article in known.items()
        if number != suspect and _may_be_source(article, wanted)
    ]
    enough = [candidate for candidate in found if candidate.shared >= max(least, 1)]
    return sorted(enough, key=lambda c: _order(c, known[c.source]))[:CANDIDATES]


def _holders(
    known: Mapping[int, Known], oldest: int | None, most_articles: int
) -> Mapping[int, Collection[int]]:
    """Give the articles that each term finds: all, or of a common one the earliest."""
    holders: dict[int, list[int]] = defaultdict(list)
    for number, article in known.items():
        for term in article.sketch.weights:
            holders[term].append(number)
    for term, found in holders.items():
        if len(found) > most_articles:
            young = [number for number in found if not _is_older(known[number], oldest)]
            holders[term] = sorted(young, key=lambda n: _age(known[n], n))[:EARLIEST]
    return holders


def _is_older(article: Known, time: int | None) -> bool:
    return article.published is not None and time is not None and article.published < time


def _age(article: Known, number: int) -> tuple[bool, int, int]:
    """Order articles by time, those without one last."""
    return article.published is None, article.published or 0, number


def may_be_source(article: Article, suspect: Article) -> bool:
    """Tell whether the statements would look at an article at all, whatever the two share."""
    if article.url and article.url == suspect.url:
        return False
    return earlier(suspect.published, article.published) != "suspect"


def _may_be_source(article: Known, suspect: Known) -> bool:
    if article.page is not None and article.page == suspect.page:
        return False
    if _is_older(article, suspect.earliest):
        return False
    return earlier(_moment(suspect.published), _moment(article.published)) != "suspect"


def _moment(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else _EPOCH + timedelta(microseconds=microseconds)


def _order(candidate: Candidate, article: Known) -> tuple[int, bool, int, int]:
    return -candidate.shared, *_age(article, candidate.source)
