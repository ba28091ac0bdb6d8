"""Promises of the page of one pair: whole, honest, and deaf to what the articles try."""

from __future__ import annotations

import re
from dataclasses import replace
from math import nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented_crawl import (
    HOSTILE,
    SOURCE_TEXT,
    SPUN_TEXT,
    article,
    hostile_verdict,
    spun_verdict,
    verdict,
)
from lxml import html

from detector.classify import Model, load_model
from detector.features import FEATURES, measure
from detector.features.comparison import Comparison
from detector.features.wording import both_wordings
from detector.pages import pair_page, sides
from detector.pages.drivers import WORDING, Driver, occlusion
from detector.pages.pair import side_by_side, swap_lines
from detector.phrases import reason_in_words
from detector.pipeline import judge_pair
from detector.records import FAMILIES, RELATIONS, Opinion, Verdict
from detector.shift import BothWordings
from detector.verdict import EITHER_FIRST, SUSPECT_FIRST

CAUTION = "A score is grounds to look, not proof."


def page_of(told: object, **options: object) -> html.HtmlElement:
    """Write a verdict's page and read it back."""
    return html.document_fromstring(pair_page(told, **options))  # type: ignore[arg-type]


def words_of(page: html.HtmlElement) -> str:
    """Give a page's text with single spaces."""
    return " ".join(page.find("body").text_content().split())


def test_the_page_says_what_the_verdict_says() -> None:
    """Relation, likelihood, method, coverage, caution and model stand on the page."""
    told = spun_verdict()
    words = words_of(page_of(told))

    for said in (
        "Rewritten by machine from the source",
        "very likely",
        "synonym spinner",
        CAUTION,
        "unspun-test",
        "quickveyra.example",
    ):
        assert said in words
    assert all(" ".join(item.text.split()) in words for item in told.evidence)


def test_what_speaks_against_is_shown_apart() -> None:
    """Own material of the suspect stands under a heading of its own."""
    told = spun_verdict()
    against = [item.text for item in told.evidence if item.kind == "own_material"]

    assert f"What may speak for honest work {against[0]}" in words_of(page_of(told))


@pytest.mark.parametrize("doubt", [EITHER_FIRST, SUSPECT_FIRST])
def test_where_either_may_be_the_original_neither_is_accused(doubt: str) -> None:
    """The page says that the score is of the pair, not that this one was made of the other."""
    told = replace(spun_verdict(), relation=None, family=None, cannot_tell=doubt)
    words = words_of(page_of(told))

    assert f"Cannot tell: {reason_in_words(doubt)}" in words
    assert "That one of the two, not told which, was rewritten by machine" in words
    assert "rewritten by machine from this source" not in words


def test_every_mark_has_a_counterpart() -> None:
    """Each numbered piece stands in both texts; new and dropped ones have no number."""
    page = page_of(spun_verdict())
    places = {
        side: {mark.get("data-p") for mark in page.xpath(f'//*[@data-side="{side}"]//*[@data-p]')}
        for side in ("suspect", "source")
    }

    assert places["suspect"] == places["source"] != set()
    assert not page.xpath('//mark[contains(@class, "new") and @data-p]')
    assert {m.get("data-kind") for m in page.xpath("//mark[@data-p]")} >= {"copied", "swapped"}


def test_the_texts_are_whole() -> None:
    """Side by side, no character of either text is lost but the spaces between sentences."""
    told = spun_verdict()
    comparison = side_by_side(told)
    assert comparison is not None
    rows = sides.rows(comparison)

    def text(sentences: list[sides.Sentence]) -> str:
        ordered = sorted(sentences, key=lambda s: s.number)
        return "".join("".join(p.text for s in ordered for p in s.pieces).split())

    assert told.source is not None
    assert text([r.suspect for r in rows if r.suspect]) == "".join(told.suspect.text.split())
    assert text([s for r in rows for s in r.sources]) == "".join(told.source.text.split())


@settings(max_examples=15)
@given(st.permutations(SPUN_TEXT.replace("\n\n", " ").split(". ")), st.integers(2, 7))
def test_rows_hold_every_sentence_once(parts: list[str], kept: int) -> None:
    """However the sentences are shuffled and cut, each stands in exactly one row."""
    source = spun_verdict().source
    told = verdict(article("s", ". ".join(parts[:kept] * 2), site="s.example"), source, "copy", 0.1)
    comparison = side_by_side(told)
    if comparison is None:
        return
    rows = sides.rows(comparison)
    pair = comparison.alignment.pair

    ours = [row.suspect.number for row in rows if row.suspect]
    assert ours == list(range(1, len(pair.suspect.sentences) + 1))
    theirs = sorted(s.number for row in rows for s in row.sources)
    assert theirs == list(range(1, len(pair.source.sentences) + 1))


def test_swaps_are_listed_content_words_first() -> None:
    """The most frequent swap of content words leads; function words come last."""
    comparison = side_by_side(spun_verdict())
    assert comparison is not None
    lines = swap_lines(comparison)

    assert (lines[0].replaced, lines[0].by, lines[0].times) == ("said", "stated", 2)
    kinds = [line.kind == "function word" for line in lines]
    assert kinds == sorted(kinds)


def test_an_altered_quotation_is_shown_in_both_forms() -> None:
    """The table of quotations holds the suspect's and the source's words."""
    words = words_of(page_of(spun_verdict()))

    assert "alteredWe searched for a purchaser" in words
    assert "We looked for a buyer" in words


# ---------------------------------------------------------------- what the score is of


MISSPELT = (
    SOURCE_TEXT.replace("transport", "transoprt").replace("decided", "deicded")
    .replace("evening", "eveinng").replace("opened", "oepned").replace("Repairing", "Reapiring")
    .replace("mechanics", "mehcanics").replace("garage", "garaeg").replace("market", "makret")
    .replace("signatures", "signautres").replace("closure", "colsure").replace("four", "4")
)  # fmt: skip
OWN = (
    "A choir of retired miners has won the spring contest in Lindau with a song about a lost "
    "canary. The jury praised the basses. Nobody had expected them to get beyond the first round. "
    "Their conductor, who is eighty-one, wept on the stage and thanked a baker for the loan of his "
    "van. The prize is a barrel of cider and a week by the sea."
)


def judged(text: str, model: Model) -> Verdict:
    """Judge a text against the invented source."""
    source = article("depot", SOURCE_TEXT, site="veyrapost.example")
    return judge_pair(article("s", text, site="s.example", hours=3), source, model)


@pytest.mark.parametrize(
    ("text", "of_part"),
    [(MISSPELT, False), (SPUN_TEXT, False), (f"{SPUN_TEXT}\n\n{OWN}", True)],
    ids=["misspelt copy", "rewrite", "diluted rewrite"],
)
def test_what_drove_the_score_is_of_the_verdicts_own_score(text: str, of_part: bool) -> None:
    """The page explains the comparison that was judged: errors mended, or the rewritten part."""
    model = load_model()
    if of_part:  # a whole that is just not accused
        model = replace(model, thresholds=replace(model.thresholds, flag=1.0, part=0.5))
    told = judged(text, model)
    explained: list[Comparison] = []

    def explain(pair: Comparison) -> list[Driver]:
        explained.append(pair)
        return [Driver("degree", 0.5)]

    page = page_of(told, drivers=explain)

    (pair,) = explained
    (opinion,) = model.opinions(measure(pair)[None], [both_wordings(pair)])
    assert opinion.score == told.score
    assert ("judged_part" in {reason.kind for reason in told.evidence}) == of_part
    assert ("Measured on the part of the suspect" in words_of(page)) == of_part


def test_errors_that_were_mended_are_shown_as_they_stand() -> None:
    """A misspelt word is no swap on the page, and its text is the suspect's own."""
    told = replace(spun_verdict(), suspect=article("s", MISSPELT, site="s.example"))
    comparison = side_by_side(told)
    assert comparison is not None
    marked = [p for r in sides.rows(comparison) if r.suspect for p in r.suspect.pieces if p.kind]

    assert comparison.swaps == ()
    assert {piece.kind for piece in marked} == {"copied"}
    assert "transoprt" in "".join(piece.text for piece in marked)


# ---------------------------------------------------------------- nothing to compare


@pytest.mark.parametrize("doubt", ["no_source", "not_english"])
def test_without_a_comparison_the_text_is_shown(doubt: str) -> None:
    """Where there is nothing to compare, the page gives the reason and the suspect's text."""
    told = verdict(article("a", SPUN_TEXT, site="a.example"), None, None, nan)
    page = page_of(replace(told, cannot_tell=doubt))

    assert "Cannot tell" in words_of(page)
    assert "26 technicians" in words_of(page)
    assert not page.xpath('//*[@id="sides"]')


def test_an_unfit_source_is_not_compared() -> None:
    """A source that is too short to judge leads to no comparison, and to no error."""
    short = article("b", "Too short.", site="b.example")
    told = verdict(article("a", SPUN_TEXT, site="a.example"), short, "unrelated", 0.1)

    assert side_by_side(told) is None
    assert "Too short" not in words_of(page_of(told))


# ---------------------------------------------------------------- hostile text


@pytest.fixture(scope="module")
def hostile() -> str:
    """Write the page of a pair whose every field is hostile."""
    return pair_page(hostile_verdict())


def test_hostile_text_stays_text(hostile: str) -> None:
    """No tag, attribute or link of an article becomes one of the page."""
    page = html.document_fromstring(hostile)

    assert len(page.xpath("//script")) == 1
    assert not page.xpath("//img | //iframe | //object | //form | //base")
    assert not page.xpath("//@*[starts-with(name(), 'on')]")
    assert not page.xpath("//@style")
    assert not [a for a in page.xpath("//a/@href") if a.lower().startswith("javascript")]
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in hostile
    assert 'document.title = "owned"' in page.find("body").text_content()
    assert "{{ 7 * 7 }}" in page.find("body").text_content()


PIECES = st.sampled_from(
    ["<", ">", "</script>", "<img src=x onerror=y>", '"', "'", "&", "&lt;", "{{ 7 }}", "{% x %}",
     "-->", "]]>", "`", "=", " onload=", "javascript:",
     "\x00", "\u202e", "\ud800", "\u2028", "bridge"]
)  # fmt: skip


def anatomy(page: str) -> list[tuple[object, ...]]:
    """List the elements of a page with the names of their attributes, but for links."""
    return [
        (element.tag, *sorted(element.keys()))
        for element in html.document_fromstring(page).iter()
        if element.tag != "a"
    ]


@settings(max_examples=25)
@given(st.lists(PIECES, min_size=1, max_size=8).map("".join))
def test_no_field_of_an_article_makes_an_element(text: str) -> None:
    """Whatever ids, titles, sites and addresses hold, the page has the elements that it had."""
    told = spun_verdict()
    sides = {
        side: replace(getattr(told, side), title=text, site=text, url=text, id=text)
        for side in ("suspect", "source")
    }
    plain = {
        side: replace(getattr(told, side), title="a", site="a", url="a", id="a")
        for side in ("suspect", "source")
    }

    assert anatomy(pair_page(replace(told, **sides))) == anatomy(pair_page(replace(told, **plain)))


def test_the_policy_lets_nothing_else_run(hostile: str) -> None:
    """The page's policy allows its own style and script by hash, and no request at all."""
    policy = html.document_fromstring(hostile).xpath("//meta[@http-equiv]/@content")[0]

    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "http" not in policy


def test_the_page_fetches_nothing() -> None:
    """Addresses stand in links only, which nobody follows but a person."""
    page = pair_page(spun_verdict())
    without_links = re.sub(r'<a href="[^"]*"[^>]*>[^<]*</a>', "", page)

    assert not re.search(r"https?://", without_links)


def test_hostile_titles_are_hostile_here() -> None:
    """The hostile text holds what it is named for, so that the tests above mean something."""
    assert "<script>" in HOSTILE
    assert "javascript:" in HOSTILE


# ---------------------------------------------------------------- drivers


class Leaning:
    """A model whose score is one feature of the pair, and whose medians are nought.

    Without a feature it is 1 where the two have other words.
    """

    def __init__(self, name: str) -> None:
        self.column = [f.name for f in FEATURES].index(name) if name else None
        columns = np.arange(len(FEATURES))
        self.familiarity = type("Medians", (), {"columns": columns, "center": columns * 0.0})

    def opinions(self, matrix: np.ndarray, wordings: list[BothWordings]) -> list[Opinion]:
        """Give the column as the score."""
        honest = (0.0,) * len(RELATIONS)
        rest = (0.0,) * len(FAMILIES)
        apart = [float(not np.array_equal(*both)) for both in wordings]
        scores = apart if self.column is None else matrix[:, self.column].tolist()
        return [Opinion(honest, score, rest, 0.0, 1.0) for score in scores]


def test_the_family_that_drives_a_score_is_named() -> None:
    """Setting the only family that counts to its median takes the whole score away."""
    model: Model = Leaning("synonym_swaps")  # type: ignore[assignment]
    pair = side_by_side(spun_verdict())
    assert pair is not None
    value = float(measure(pair)[[f.name for f in FEATURES].index("synonym_swaps")])

    assert value > 0.1
    assert occlusion(model)(pair) == [Driver("substitution", value)]


def test_words_that_drive_a_score_are_named() -> None:
    """Where words alone count, nothing is left of the score once both sides have the same."""
    model: Model = Leaning("")  # type: ignore[assignment]
    pair = side_by_side(spun_verdict())
    assert pair is not None

    assert occlusion(model)(pair) == [Driver(WORDING, 1.0)]


def test_drivers_are_drawn() -> None:
    """What drove the score stands on the page as a chart with words for those who cannot see."""
    page = page_of(spun_verdict(), drivers=occlusion(Leaning("degree")))  # type: ignore[arg-type]

    assert "substitution" in page.xpath("//svg/@aria-label")[0]


def test_without_drivers_nothing_is_claimed_of_them() -> None:
    """A page made without a model says nothing of what drove the score."""
    assert "What drove the score" not in words_of(page_of(spun_verdict()))
