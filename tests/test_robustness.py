"""A score means the same whatever came around the text: metamorphic tests of the shipped model.

The pairs are the golden ones; what is changed is nothing that anybody rewrote.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from detector.classify import Model, load_model
from detector.features.profile import Profile
from detector.passages import rewritten_part
from detector.pipeline import beside, direction_of, judge_pair, judge_pairs, prepare
from detector.records import Article, Verdict
from detector.verdict import flagged

CASES = sorted((Path(__file__).parent / "golden" / "pairs").iterdir())
TEXTS = {
    case.name: tuple((case / f"{side}.txt").read_text("utf-8") for side in ("suspect", "source"))
    for case in CASES
}
REWRITES = {
    case.name
    for case in CASES
    if json.loads((case / "expected.json").read_text("utf-8"))["relation"] == "automated_rewrite"
}
# A score may move by this much.
TOLERANCE = 0.05

Change = Callable[[str], str]


@pytest.fixture(scope="module")
def model() -> Model:
    """Load the shipped model once."""
    return load_model()


def judged(texts: dict[str, tuple[str, str]], model: Model) -> dict[str, Verdict]:
    """Judge pairs of (suspect, source) by name."""
    pairs = ((n, Article("suspect", a), Article("source", b)) for n, (a, b) in texts.items())
    return {verdict.id: verdict for verdict in judge_pairs(pairs, model)}


@pytest.fixture(scope="module")
def plain(model: Model) -> dict[str, Verdict]:
    """Judge the golden pairs as they are."""
    return judged(TEXTS, model)


def with_boilerplate(text: str) -> str:
    """Set a page's furniture around a text."""
    return (
        "Share this article\n\nFacebook\n\nTwitter\n\n"
        f"{text}\n\nLeave a Reply\n\nYour email address will not be published.\n\n"
        "Sign up for our newsletter"
    )


def with_curly_quotes(text: str) -> str:
    """Turn straight quotation marks into typographic ones."""
    parts = text.split('"')
    marks = ("“", "”")
    quoted = "".join(p + (marks[i % 2] if i < len(parts) - 1 else "") for i, p in enumerate(parts))
    return quoted.replace("'", "’")


def with_breaks_doubled(text: str) -> str:
    """Space a text out as a feed does."""
    return text.replace("\n\n", "\n\n\n \n").replace(". ", ".  ")


@pytest.mark.parametrize("change", [with_boilerplate, with_curly_quotes, with_breaks_doubled])
def test_what_stands_around_the_suspect_does_not_move_its_score(
    change: Change, model: Model, plain: dict[str, Verdict]
) -> None:
    """Page furniture, typographic quotes and spacing leave score and flag as they were."""
    changed = judged({name: (change(a), b) for name, (a, b) in TEXTS.items()}, model)

    moved = {n: abs(changed[n].score - plain[n].score) for n in TEXTS}
    assert {n: m for n, m in moved.items() if m > TOLERANCE} == {}
    assert [n for n in TEXTS if flagged(changed[n]) != flagged(plain[n])] == []


FOREIGN = """\
A choir of retired miners has won the spring contest in Lindau with a song about a lost canary. \
The jury praised the basses, and nobody had expected them to get beyond the first round this year.

Their conductor, a dentist, said that she would take them to the finals in a borrowed coach. \
Most of the singers had never left the valley before, and two of them had to look for a passport."""


def among_paragraphs_of_another(suspect: str, _: str) -> str:
    """Set another article's paragraphs before and behind a text."""
    before, after = FOREIGN.split("\n\n")
    return f"{before}\n\n{suspect}\n\n{after}"


def with_a_copied_paragraph(suspect: str, source: str) -> str:
    """Add the source's last paragraph as it stands."""
    return f"{suspect}\n\n{source.rsplit(chr(10) * 2, maxsplit=1)[-1]}"


@pytest.mark.parametrize("dilute", [among_paragraphs_of_another, with_a_copied_paragraph])
def test_dilution_hides_few_rewrites_and_accuses_nobody(
    dilute: Callable[[str, str], str], model: Model, plain: dict[str, Verdict]
) -> None:
    """Of the golden rewrites nine in ten are still flagged; no honest text is."""
    diluted = judged({name: (dilute(a, b), b) for name, (a, b) in TEXTS.items()}, model)
    found = [name for name in TEXTS if flagged(plain[name])]

    assert sum(flagged(diluted[name]) for name in found) >= 0.9 * len(found)
    assert [n for n in TEXTS if flagged(diluted[n]) and n not in REWRITES] == []


def test_the_case_of_a_headline_does_not_move_the_score(model: Model) -> None:
    """A headline in capitals is the same headline."""
    line = "Officials say more is to come"
    calm, loud = (
        judged({n: (f"{head}\n\n{a}", b) for n, (a, b) in TEXTS.items()}, model)
        for head in (line, line.upper())
    )

    moved = {n: abs(calm[n].score - loud[n].score) for n in TEXTS}
    assert {n: m for n, m in moved.items() if m > TOLERANCE} == {}


def test_swapping_the_sides_never_accuses_both(model: Model, plain: dict[str, Verdict]) -> None:
    """Of two articles without times at most one is called a rewrite of the other."""
    swapped = judged({name: (b, a) for name, (a, b) in TEXTS.items()}, model)

    assert [n for n in TEXTS if flagged(plain[n]) and flagged(swapped[n])] == []


@pytest.mark.parametrize("dilute", [among_paragraphs_of_another, with_a_copied_paragraph])
def test_swapping_turns_the_sign_of_a_diluted_pair(
    dilute: Callable[[str, str], str], model: Model
) -> None:
    """Which of the two looks like the copy is told of their parts, and alike from either side."""
    for a, b in list(TEXTS.values())[::5]:
        ours, theirs = prepare(Article("a", dilute(a, b))), prepare(Article("b", b))
        assert isinstance(ours, Profile)
        assert isinstance(theirs, Profile)
        forth, back = beside(ours, theirs), beside(theirs, ours)
        told = direction_of(ours, forth, rewritten_part(forth), model)

        assert told == -direction_of(theirs, back, rewritten_part(back), model)


def test_a_pair_is_judged_alike_alone_and_among_others(
    model: Model, plain: dict[str, Verdict]
) -> None:
    """A score does not depend on what else is in the batch."""
    for name in list(TEXTS)[::9]:
        suspect, source = TEXTS[name]
        alone = judge_pair(Article("suspect", suspect), Article("source", source), model)

        assert alone.score == plain[name].score
        assert alone.relation == plain[name].relation
