"""The story on one screen: what happens to a pair, to an article, to a stream of pairs.

Stages in order and nothing else; every decision lives in the stage that it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from detector.align import align
from detector.candidates import may_be_source
from detector.clean import clean, unfit
from detector.evidence import evidence
from detector.features import measure, measure_alone, measure_gaps
from detector.features.comparison import Comparison, compare
from detector.features.profile import Profile, profile
from detector.features.wording import both_wordings, wording
from detector.passages import Part, rewritten_part
from detector.records import Alignment, Article, Evidence, Opinion, OtherSource, Pair, Verdict
from detector.respelling import respelt
from detector.segment import segment
from detector.sources import best_source, other_sources
from detector.verdict import accuses, cannot_tell, counting, decide, no_source, order_is_known

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


class Choice(NamedTuple):
    """A suspect, its best source if it has one, the others, and how many were aligned."""

    suspect: Profile
    best: Comparison | None
    others: tuple[OtherSource, ...]
    alignments: int


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
    pairs = [
        (question.suspect, c)
        for question, c in zip(questions, compared, strict=True)
        if isinstance(question.suspect, Profile) and isinstance(c, Comparison)
    ]
    opinions = iter(opinions_of(pairs, model))
    for question, c in zip(questions, compared, strict=True):
        if isinstance(c, Comparison):
            opinion, why = next(opinions)
            yield decide(c.alignment, opinion, why, id=question.id, model=model)
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
    return beside(suspect, source)


def beside(suspect: Profile, source: Profile, alignment: Alignment | None = None) -> Comparison:
    """Compare a pair, spelling errors mended.

    Parameters
    ----------
    alignment : of the two as they are, where it is known
    """
    mended = respelt(suspect.segments, source.segments)
    if mended is not suspect.segments:
        suspect, alignment = profile(mended), None
    return compare(alignment or align(Pair(mended, source.segments)), suspect, source)


def opinions_of(
    pairs: Sequence[tuple[Profile, Comparison]], model: Model
) -> list[tuple[Opinion, tuple[Evidence, ...]]]:
    """Ask the model about pairs, and about the rewritten part of each that it does not accuse.

    Parameters
    ----------
    pairs : the suspect as it came, and the comparison with its source

    Returns
    -------
    Of each pair the opinion that counts, and the evidence with what is to be said of it.
    """
    wholes = _opinions([pair for _, pair in pairs], model)
    parts = [
        None if accuses(whole, model.thresholds) else rewritten_part(pair)
        for whole, (_, pair) in zip(wholes, pairs, strict=True)
    ]
    of_parts = iter(_opinions([part.comparison for part in parts if part], model))
    found = []
    for (suspect, pair), whole, part in zip(pairs, wholes, parts, strict=True):
        opinion = counting(whole, next(of_parts) if part else None, model.thresholds)
        why = evidence(pair, model.shift)
        if part is not None and opinion is not whole:
            why = (part.reason(of=len(pair.ours)), *why)
        if accuses(opinion, model.thresholds) and not order_is_known(pair.alignment):
            own = rewritten_part(pair) if part is None else part
            opinion = replace(opinion, direction=direction_of(suspect, pair, own, model))
        found.append((opinion, why))
    return found


def _opinions(pairs: Sequence[Comparison], model: Model) -> list[Opinion]:
    return model.opinions(np.array(list(map(measure, pairs))), list(map(both_wordings, pairs)))


def direction_of(suspect: Profile, pair: Comparison, part: Part | None, model: Model) -> float:
    """Say which of the two looks like the copy, by the part of each that the other has rewritten.

    What either brought along is no sign of a machine. Swapping the two turns the sign.

    Parameters
    ----------
    suspect : as it came
    pair : it and its source
    part : what was rewritten of it
    """
    back = beside(pair.source, suspect)
    ours, theirs = _rewritten(pair, part), _rewritten(back, rewritten_part(back))
    wordings = [(wording(ours), wording(theirs))]
    return float(model.direction(measure_gaps(ours, theirs)[None], wordings)[0])


def _rewritten(pair: Comparison, part: Part | None) -> Profile:
    return part.comparison.suspect if part else pair.suspect


def judge(suspect: Article, sources: Iterable[Article], model: Model) -> Verdict:
    """Judge one article against the best of its possible sources, chosen as in a whole crawl.

    What was published after the suspect or under its own URL is no possible source.
    """
    prepared = prepare(suspect)
    if isinstance(prepared, Unfit):
        return cannot_tell(prepared.article, None, prepared.reason, id=suspect.id, model=model)
    possible = (prepare(source) for source in sources if may_be_source(source, suspect))
    choice = choose(prepared, [source for source in possible if isinstance(source, Profile)])
    return judge_choices([choice], model)[0]


def choose(suspect: Profile, sources: Sequence[Profile]) -> Choice:
    """Align the suspect with every source and compare it with the best."""
    aligned = [align(Pair(suspect.segments, source.segments)) for source in sources]
    place = best_source(aligned)
    if place is None:
        return Choice(suspect, None, (), len(aligned))
    best = beside(suspect, sources[place], aligned[place])
    return Choice(suspect, best, other_sources(aligned, place), len(aligned))


def judge_choices(choices: Sequence[Choice], model: Model) -> list[Verdict]:
    """Judge pairs in one call of the model, and in one more what turns out to have no source."""
    compared = list(_against_the_best(choices, model))
    alone = [c.suspect for c, verdict in zip(choices, compared, strict=True) if verdict is None]
    weaker = _alone(alone, model)
    return [next(weaker) if verdict is None else verdict for verdict in compared]


def _against_the_best(choices: Sequence[Choice], model: Model) -> Iterator[Verdict | None]:
    """Judge each suspect against its best source; None where that has nothing to do with it."""
    pairs = [(choice.suspect, choice.best) for choice in choices if choice.best]
    opinions = iter(opinions_of(pairs, model))
    for choice in choices:
        if choice.best is None:
            yield None
            continue
        opinion, why = next(opinions)
        alignment, others = choice.best.alignment, choice.others
        name = choice.suspect.segments.article.id
        verdict = decide(alignment, opinion, why, id=name, model=model, others=others)
        yield None if verdict.relation == "unrelated" else verdict


def _alone(suspects: Sequence[Profile], model: Model) -> Iterator[Verdict]:
    """Score articles without a source; the weaker statement, from their style alone."""
    scores = model.opinions_alone(
        np.array([measure_alone(suspect) for suspect in suspects]), list(map(wording, suspects))
    )
    for suspect, score in zip(suspects, scores, strict=True):
        article = suspect.segments.article
        yield no_source(article, score, id=article.id, model=model)


def article_of(prepared: Prepared) -> Article:
    """Give the cleaned article back."""
    return prepared.article if isinstance(prepared, Unfit) else prepared.segments.article
