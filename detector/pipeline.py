"""The story on one screen: what happens to a pair, to an article, to a stream of pairs.

Stages in order and nothing else; every decision lives in the stage that it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from detector.align import align
from detector.clean import clean, unfit
from detector.evidence import evidence
from detector.features import measure, measure_alone
from detector.features.comparison import Comparison, compare
from detector.features.profile import Profile, profile
from detector.records import Article, Pair, Verdict
from detector.segment import segment
from detector.verdict import cannot_tell, decide, no_source

if TYPE_CHECKING:
    from detector.classify import Model

# Pairs that share one call of the model: a call costs as much for one as for fifty.
BATCH = 64


class Unfit(NamedTuple):
    """A cleaned article that cannot be judged, and why."""

    article: Article
    reason: str


Prepared: TypeAlias = Profile | Unfit
Compared: TypeAlias = Comparison | Unfit


class Question(NamedTuple):
    """A pair to judge, each side prepared."""

    id: str
    suspect: Prepared
    source: Prepared


def prepare(article: Article) -> Prepared:
    """Clean, segment and measure one article; done once, however many pairs it stands in."""
    cleaned = clean(article)
    reason = unfit(cleaned)
    return Unfit(cleaned, reason) if reason else profile(segment(cleaned))


def judge_pair(suspect: Article, source: Article, model: Model) -> Verdict:
    """Say what the suspect is to the source."""
    return next(judge_pairs([(suspect.id, suspect, source)], model))


def judge_pairs(pairs: Iterable[tuple[str, Article, Article]], model: Model) -> Iterator[Verdict]:
    """Judge pairs in order, one verdict each; memory does not grow with their number."""
    questions = (Question(id, prepare(ours), prepare(theirs)) for id, ours, theirs in pairs)  # noqa: A001
    while batch := list(islice(questions, BATCH)):
        yield from answer(batch, model)


def answer(questions: Sequence[Question], model: Model) -> Iterator[Verdict]:
    """Judge prepared pairs in one call of the model."""
    compared = [put_side_by_side(question) for question in questions]
    rows = [measure(c) for c in compared if isinstance(c, Comparison)]
    opinions = iter(model.opinions(np.array(rows)) if rows else [])
    for question, c in zip(questions, compared, strict=True):
        if isinstance(c, Comparison):
            yield decide(c.alignment, next(opinions), evidence(c), id=question.id, model=model)
        else:
            suspect, source = article_of(question.suspect), article_of(question.source)
            yield cannot_tell(suspect, source, c.reason, id=question.id, model=model)


def put_side_by_side(question: Question) -> Compared:
    """Align a pair and compare its sides, unless one of them is unfit."""
    _, suspect, source = question
    if isinstance(suspect, Unfit):
        return suspect
    if isinstance(source, Unfit):
        return source._replace(reason=f"source_{source.reason}")
    return compare(align(Pair(suspect.segments, source.segments)), suspect, source)


def judge(suspect: Article, sources: Iterable[Article], model: Model) -> Verdict:
    """Judge one article against every possible source; the one it owes most to is reported."""
    prepared = prepare(suspect)
    if isinstance(prepared, Unfit):
        return cannot_tell(prepared.article, None, prepared.reason, id=suspect.id, model=model)
    questions = [Question(suspect.id, prepared, prepare(source)) for source in sources]
    verdicts = [v for v in answer(questions, model) if v.coverage > 0]
    return max(verdicts, key=lambda v: v.coverage, default=None) or judge_alone(prepared, model)


def judge_alone(suspect: Profile, model: Model) -> Verdict:
    """Score an article without a source; the weaker statement, from its style alone."""
    article = suspect.segments.article
    (score,) = model.opinions_alone(np.array([measure_alone(suspect)]))
    return no_source(article, score, id=article.id, model=model)


def article_of(prepared: Prepared) -> Article:
    """Give the cleaned article back."""
    return prepared.article if isinstance(prepared, Unfit) else prepared.segments.article
