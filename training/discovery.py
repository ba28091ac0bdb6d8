"""How well sources are found in the mirror's news: ``python -m training.discovery reach|crawl``.

``reach`` looks for the sources of rewrites of every family, excerpts and merged articles among all
news of the mirror, by the detector's own stages and SQL; with ``--rivals`` by other means too, all
on one core. ``crawl`` writes so many articles of the
mirror, a tenth of them rewrites, as JSON lines for ``unspun batch``, whose summary tells time and
memory. Both stay in ``build/``: they hold text of the corpora.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import Any

from detector.align import align
from detector.batch.stages import FOUND, prepared, terms_of
from detector.candidates import CANDIDATE_SOURCES, CANDIDATES, FIRSTS, TELLING
from detector.clean import clean
from detector.engines.local import Workers, database
from detector.records import Article, Pair, Segments
from detector.segment import segment
from detector.sources import best_source
from detector.store import article_row, batch_of, write_json, write_parquet
from training.corpora import ROOT, default_mirror, load
from training.crossing import thesauri
from training.finders import Finder, finders
from training.mining import containment
from training.readers import READERS
from training.readers.records import Original, key_of, tidy
from training.rewriters.excerpts import excerpt
from training.rewriters.mixtures import merged
from training.rewriters.roundtrip import PIVOTS, there_and_back
from training.rewriters.spinner import manner, spin

BUILD = ROOT / "build" / "training"
ARTICLES = 20_000  # of the crawl
SEED = 20
# Queries of each tool; one query is .005.
QUERIES = 200
LEAST_WORDS, MOST_WORDS = 100, 1500
SHARD = 256
# A candidate with so much of the source's text is the source, published a second time.
SAME_TEXT = 0.5
# Corpora whose rewrites were made of news, and a human one for comparison.
REWRITTEN = ("sheepdog", "llm_misinformation", "imbd", "onestop")
GROUPS = ("kinds", "families", "degrees")
ALSO_NEWS = (*REWRITTEN, "mixset", "ai_polished")
# How much of the wording was changed, by the alignment of a query with its source.
DEGREES = (0.2, 0.4, 0.6, 0.8, 1.0)


@dataclass(frozen=True, slots=True)
class Query:
    """A text whose sources are known."""

    kind: str  # corpus or rewriter, and the tool
    text: str
    sources: tuple[str, ...]  # texts
    family: str = ""  # of what made it


# ---------------------------------------------------------------- material


def news(mirror: Path) -> list[Original]:
    """Read all news of the mirror, the outlets that make word lists included."""
    found = [_dated(json.loads(data)) for data in load("article_bias", mirror).values()]
    for name in ("c50", "bbc"):
        found += READERS[name](load(name, mirror)).originals
    return found


def other_news(mirror: Path) -> list[Original]:
    """Read the news that rewrites of other corpora were made of."""
    return [
        original
        for name in ALSO_NEWS
        for original in READERS[name](load(name, mirror)).originals
        if original.genre == "news"
    ]


def _dated(record: Mapping[str, Any]) -> Original:
    return Original(
        corpus="article_bias",
        text=tidy(record["content_original"]),
        genre="news",
        title=record["title"],
        site=record["source_url"].removeprefix("www."),
        published=date.fromisoformat(record["date"]),
    )


def queries(haystack: Sequence[Original], mirror: Path, count: int) -> list[Query]:
    """Take the corpora's rewrites of news, and rewrite, cut and merge articles of the haystack."""
    rng = random.Random(SEED)
    fit = [o.text for o in haystack if LEAST_WORDS <= len(o.text.split()) <= MOST_WORDS]
    return [
        *_found(mirror, count, rng),
        *_made(rng.sample(fit, count), rng.sample(fit, count), rng),
    ]


def _found(mirror: Path, count: int, rng: random.Random) -> Iterator[Query]:
    for name in REWRITTEN:
        by_tool: dict[str, list[Query]] = defaultdict(list)
        for couple in READERS[name](load(name, mirror)).couples:
            if couple.genre == "news" and couple.relation.endswith("_rewrite"):
                kind = f"{name} {couple.strength}".strip()
                family = couple.family or "human"
                by_tool[kind].append(Query(kind, couple.suspect, (couple.source,), family))
        for found in by_tool.values():
            yield from rng.sample(found, min(count, len(found)))


def _made(texts: Sequence[str], others: Sequence[str], rng: random.Random) -> Iterator[Query]:
    for pivot in PIVOTS:
        for text, back in zip(texts, there_and_back(texts, pivot), strict=True):
            if back:  # the translator breaks down over some
                kind = f"round trip {pivot.name}"
                yield Query(kind, back, (text,), "round_trip_translation")
    for name, thesaurus in thesauri().items():
        for text in texts:
            spun = spin(text, thesaurus, manner(rng), rng)
            yield Query(f"spinner {name}", spun, (text,), "synonym_spinner")
    for text, other in zip(texts, others, strict=True):
        cut = excerpt(text, rng)
        if cut:
            yield Query("excerpt", cut[0], (text,), "excerpt")
        yield Query("merged", merged(text, other, rng), (text, other), "merged")


# ---------------------------------------------------------------- reach


def reach(
    mirror: Path, *, count: int = QUERIES, jobs: int = 2, rivals: bool = False
) -> dict[str, Any]:
    """Measure how often the source is among the candidates, and first after alignment.

    Parameters
    ----------
    count : queries of each kind
    jobs : worker processes; one where rivals are measured
    rivals : measure other means of finding, too
    """
    haystack = {o.key: o.text for o in (*news(mirror), *other_news(mirror))}
    asked = queries([Original("", t, "news") for t in haystack.values()], mirror, count)
    for query in asked:
        haystack |= {key_of(text): text for text in query.sources if key_of(text) not in haystack}
    texts = [*haystack.values(), *(query.text for query in asked)]
    found, seconds, touched = _candidates(texts, len(haystack), 1 if rivals else jobs)
    outcomes = [
        _outcome(query, [texts[i] for i in found[len(haystack) + number]])
        for number, query in enumerate(asked)
    ]
    return {
        "haystack": len(haystack),
        "queries": len(asked),
        "touched": touched,
        "seconds": seconds,
        "kinds": _by([query.kind for query in asked], outcomes),
        "families": _by([query.family for query in asked], outcomes),
        "degrees": _by([_degree_class(outcome.degree) for outcome in outcomes], outcomes),
        "rivals": _rivals(texts, len(haystack), asked) if rivals else {},
    }


def _rivals(
    texts: Sequence[str], haystack: int, asked: Sequence[Query]
) -> dict[str, dict[str, float]]:
    """Measure other means on the same haystack and queries: what they find, and what it takes."""
    return {
        name: _rival(finder, texts, haystack, asked) for name, finder in finders(CANDIDATES).items()
    }


def _rival(
    finder: Finder, texts: Sequence[str], haystack: int, asked: Sequence[Query]
) -> dict[str, float]:
    start = monotonic()
    ask = finder(texts[:haystack])
    built = monotonic()
    places = ask(texts[haystack:])
    answered = monotonic()
    shares: dict[str, list[float]] = defaultdict(list)
    for query, found in zip(asked, places, strict=True):
        share = _among(query, [texts[i] for i in found])
        shares[query.kind].append(share)
        shares["all"].append(share)
    return {
        "seconds to build": round(built - start, 1),
        "seconds to ask": round(answered - built, 1),
        **{kind: round(sum(share) / len(share), 3) for kind, share in shares.items()},
    }


def _among(query: Query, candidates: Sequence[str]) -> float:
    """Give the share of a query's sources that are among the candidates."""
    hits = [any(_is_source(text, source) for text in candidates) for source in query.sources]
    return sum(hits) / len(hits)


def _candidates(
    texts: Sequence[str], haystack: int, jobs: int
) -> tuple[dict[int, list[int]], dict[str, float], float]:
    """Sketch the texts and run the statements; all after the haystack are suspects.

    Returns
    -------
    Candidates by suspect, seconds a step, and mean number of articles touched by a suspect.
    """
    start = monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        parts = range(0, len(texts), SHARD)
        tasks = ((folder, first, texts[first : first + SHARD], haystack) for first in parts)
        for _ in Workers(jobs).map(_sketched, tasks):
            pass
        prepared_at = monotonic()
        with database(folder, "run.duckdb", threads=jobs) as connection:
            connection.execute(f"create table terms as from read_parquet('{folder}/*.parquet')")
            connection.execute(FREQUENCIES)
            connection.execute(f"create table telling as {TELLING}")
            connection.execute("create table bound as select cast(null as bigint) as oldest")
            connection.execute(f"create table firsts as {FIRSTS}")
            connection.execute(SUSPECTS, [haystack])
            rows = connection.execute(CANDIDATE_SOURCES).fetchall()
            done_at = monotonic()
            touched = connection.execute(TOUCHED).fetchall()[0][0]
    found: dict[int, list[int]] = defaultdict(list)
    for suspect, source, *_ in rows:
        found[suspect].append(source)
    seconds = {"sketch": prepared_at - start, "candidates": done_at - prepared_at}
    return found, {step: round(value, 1) for step, value in seconds.items()}, round(touched, 1)


FREQUENCIES = """
create table frequencies as select term, count(*) as articles from terms group by term
"""
SUSPECTS = """
create table suspects as
select distinct article, cast(null as bigint) as earliest from terms where article >= ?
"""
TOUCHED = """
with sample as (select article from suspects order by article limit 500),
pairs as (
  select distinct w.article as suspect, t.article as source
  from sample s
  join terms w on w.article = s.article
  join telling k on k.term = w.term
  join terms t on t.term = w.term
  where k.common = 0
)
select count(*) / (select count(*) from sample) from pairs
"""


def _sketched(task: tuple[Path, int, Sequence[str], int]) -> None:
    """Store the terms of some texts; all queries bear one URL, so that none is another's source."""
    folder, first, texts, haystack = task
    articles = (
        (n, Article(id=str(n), text=text, url="" if n < haystack else "query"))
        for n, text in enumerate(texts, start=first)
    )
    rows = (article_row(article) | {"article": n} for n, article in articles)
    terms = terms_of(prepared(batch_of(rows, FOUND)))
    write_parquet(folder / f"{first:08}.parquet", [terms], terms.schema)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a query."""

    first: bool  # a source has the most weight
    among: float  # share of the sources among the candidates
    chosen: bool  # alignment chose a source
    aligned: int
    degree: float  # of the query against its first source; nan where nothing is left of that


def _outcome(query: Query, candidates: Sequence[str]) -> Outcome:
    hits = [[_is_source(text, source) for text in candidates] for source in query.sources]
    suspect = _segments(query.text)
    chosen = best_source([align(Pair(suspect, _segments(text))) for text in candidates])
    return Outcome(
        first=any(hit[:1] == [True] for hit in hits),
        among=sum(map(any, hits)) / len(hits),
        chosen=chosen is not None and any(hit[chosen] for hit in hits),
        aligned=len(candidates),
        degree=align(Pair(suspect, _segments(query.sources[0]))).degree,
    )


def _is_source(text: str, source: str) -> bool:
    return key_of(text) == key_of(source) or containment(text, source) >= SAME_TEXT


def _segments(text: str) -> Segments:
    return segment(clean(Article(id="", text=text)))


def _degree_class(degree: float) -> str:
    """Name the class of a degree."""
    bound = next((bound for bound in DEGREES if degree <= bound), None)
    return "not measured" if bound is None else f"degree {bound - 0.2:.1f} to {bound:.1f}"


def _by(names: Sequence[str], outcomes: Sequence[Outcome]) -> dict[str, dict[str, float]]:
    """Average the outcomes of each group of queries, and of all."""
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for name, outcome in zip(names, outcomes, strict=True):
        groups[name].append(outcome)
        groups["all"].append(outcome)
    return {name: _means(groups[name]) for name in sorted(groups)}


def _means(group: Sequence[Outcome]) -> dict[str, float]:
    sums = {
        f"among the first {CANDIDATES}": sum(o.among for o in group),
        "first by weight": sum(o.first for o in group),
        "first after alignment": sum(o.chosen for o in group),
        "aligned": sum(o.aligned for o in group),
    }
    means = {name: round(value / len(group), 3) for name, value in sums.items()}
    return {"queries": len(group), **means}


# ---------------------------------------------------------------- crawl


def crawl(mirror: Path, count: int) -> Iterator[str]:
    """Write articles of the mirror, one JSON record a line; every tenth is a rewrite or a cut."""
    haystack = news(mirror)
    made = queries(haystack, mirror, max(1, count // 100))
    plain = count - min(len(made), count // 10)
    later = datetime(2026, 1, 1, tzinfo=UTC).isoformat()
    for number, original in enumerate(haystack[:plain]):
        published = original.published.isoformat() if original.published else None
        yield _record(
            f"https://{original.site or original.corpus}/{number}", original.text, published
        )
    for number, query in enumerate(islice(made, count - plain)):
        yield _record(f"https://farm.example/{number}", query.text, later)


def _record(url: str, text: str, published: str | None) -> str:
    return json.dumps({"url": url, "text": text, "date": published})


def table(figures: Mapping[str, Any]) -> Iterable[str]:
    """Lay the groups of `reach` out for reading."""
    names = list(figures["kinds"]["all"])
    for groups in GROUPS:
        yield f"{groups:34}" + "".join(f"{name:>23}" for name in names)
        for group, means in figures[groups].items():
            yield f"{group:34}" + "".join(f"{means[name]:>23}" for name in names)


def main() -> None:
    """Measure and print, or write a crawl."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("reach", "crawl"))
    parser.add_argument("--mirror", type=Path, default=default_mirror())
    parser.add_argument("--count", type=int, help="queries of a kind, or articles of the crawl")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--rivals", action="store_true", help="with reach: other means, too")
    options = parser.parse_args()
    BUILD.mkdir(parents=True, exist_ok=True)
    if options.what == "crawl":
        lines = crawl(options.mirror, options.count or ARTICLES)
        (BUILD / "crawl.jsonl").write_text("\n".join(lines), encoding="utf-8")
        return
    figures = reach(
        options.mirror,
        count=options.count or QUERIES,
        jobs=options.jobs,
        rivals=options.rivals,
    )
    write_json(BUILD / "discovery.json", figures)
    print(json.dumps({k: v for k, v in figures.items() if k not in (*GROUPS, "rivals")}))
    print(*table(figures), sep="\n")
    for name, found in figures["rivals"].items():
        print(name, json.dumps(found))


if __name__ == "__main__":
    main()
