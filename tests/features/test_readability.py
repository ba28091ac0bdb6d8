"""Readability: textstat is the oracle, fed with our syllable table so that it never downloads."""

from __future__ import annotations

from importlib import import_module
from math import isnan
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from detector.features.counting import count, count_sentences
from detector.features.profile import Profile, profile
from detector.features.readability import READABILITY
from detector.features.registry import Feature
from detector.lexicon import lexicon
from detector.readability import PANEL, panel, textstat
from detector.records import Article, Segments

HARBOUR = (
    "The harbour authority of Port Ellery said on Monday that it wouldn't raise its fees before "
    'next spring. "It\'s too early," Dr. Mara Quill, its chairwoman, said. "We don\'t know enough."'
    "\n\nNo. The vote follows two years of talks with 1,400 fishermen, whose co-operative had "
    "threatened to move its state-of-the-art auction hall to Saint Brannoc by 5 p.m. on Jan. 3!"
)
NAMES = {
    "words_per_sentence": "words_per_sentence",
    "letters_per_word": "avg_letter_per_word",
    "characters_per_word": "avg_character_per_word",
    "syllables_per_word": "avg_syllables_per_word",
}
FORMULAS = [f for f in READABILITY if f.name in PANEL]
MEANS = [f for f in READABILITY if f.name in NAMES]

_WORDS = (
    "the a harbour fishermen don't it's we've they'll she'd 'tis rock'n'roll café naïve U.S. 5 "
    "1,400 state-of-the-art DON'T IT'S ŒUVRE İstanbul Straße unquestionably hmm brr x antidisest "
    "authority communication xyzzyx ' '' - — _ snake_case ’ “quoted” 'quoted' (so) e.g. "
    "straightforwardness municipal vote"
)
words = st.sampled_from(_WORDS.split())
breaks = st.sampled_from(
    [" ", " ", " ", ". ", "! ", "?\n\n", ", ", ".", "...", "\xa0", "\t", " - "]
)
made_up = st.lists(st.tuples(words, breaks), max_size=150).map(
    lambda pairs: "".join(word + gap for word, gap in pairs)
)
texts = st.one_of(made_up, st.text(max_size=80))


def looked_at(text: str) -> Profile:
    """Give the profile of a text of which only the characters matter here."""
    return profile(Segments(Article(id="a", text=text), (), (), (), (), (), ()))


@pytest.fixture(scope="module")
def tool() -> Any:
    """Textstat itself, with our syllables."""
    return textstat().textstat


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda f: f.name)
@settings(max_examples=40)
@example(text=HARBOUR)
@given(text=texts)
def test_formula_equals_textstat(tool: Any, formula: Feature[Profile], text: str) -> None:
    """Every formula has textstat's value wherever textstat measures anything."""
    options = {"float_output": True} if formula.name == "text_standard" else {}
    expected = getattr(tool, formula.name)(text, **options)
    value = formula(looked_at(text))

    if isnan(value):
        assert not tool.lexicon_count(text) or not tool.syllable_count(text)
    else:
        assert value == expected


@pytest.mark.parametrize("mean", MEANS, ids=lambda f: f.name)
@settings(max_examples=40)
@example(text=HARBOUR)
@given(text=texts)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_mean_equals_textstat(tool: Any, mean: Feature[Profile], text: str) -> None:
    """Every mean has textstat's value wherever textstat measures anything."""
    value = mean(looked_at(text))

    if not isnan(value):
        assert value == pytest.approx(getattr(tool, NAMES[mean.name])(text), rel=1e-12)


@settings(max_examples=150)
@example(text=HARBOUR)
@given(text=texts)
def test_counts_equal_textstat(tool: Any, text: str) -> None:
    """The one pass counts what each of textstat's passes counts."""
    counts = count(text, lexicon())

    assert counts.words == tool.lexicon_count(text)
    assert counts.sentences == tool.sentence_count(text)
    assert counts.characters == tool.char_count(text)
    assert counts.letters == tool.letter_count(text)
    assert counts.syllables == tool.syllable_count(text)
    assert counts.polysyllables == tool.polysyllabcount(text)
    assert counts.monosyllables == tool.monosyllabcount(text)
    assert counts.long_words == tool.long_word_count(text)
    assert counts.mini_words == tool.miniword_count(text)
    assert counts.hard_words == tool.difficult_words(text, 0, unique=False)
    assert counts.difficult_words == tool.difficult_words(text, 2, unique=False)
    assert counts.very_difficult_words == tool.difficult_words(text, 3, unique=False)


@pytest.mark.parametrize("measured", READABILITY, ids=lambda f: f.name)
@given(text=texts)
def test_readability_stays_in_its_declared_range(measured: Feature[Profile], text: str) -> None:
    """A readability feature never leaves the range its declaration promises."""
    value = measured(looked_at(text))

    assert isnan(value) or measured.low <= value <= measured.high


@pytest.mark.parametrize("measured", READABILITY, ids=lambda f: f.name)
@pytest.mark.parametrize("text", ["", " \n", "... !", "“—”"])
def test_text_without_words_reads_as_nothing(measured: Feature[Profile], text: str) -> None:
    """Where there is no word, nothing is measured, and nothing is not 0."""
    assert isnan(measured(looked_at(text)))


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", 0),
        ("...", 1),
        ("No. Yes. Maybe so.", 1),
        ("He came home. She went out. Nobody else stayed.", 3),
        ("A headline without a stop\n\nThe first sentence of the story.", 1),
    ],
)
def test_sentences_are_counted_by_their_stops(text: str, sentences: int) -> None:
    """A sentence needs a stop and three words; a line break ends none."""
    assert count_sentences(text) == sentences


def test_panel_shows_what_the_features_measure() -> None:
    """The panel and the features agree, name by name."""
    shown = panel(HARBOUR)
    looked = looked_at(HARBOUR)

    assert list(shown) == list(PANEL)
    assert {f.name: f(looked) for f in FORMULAS} == pytest.approx(
        {f.name: shown[f.name] for f in FORMULAS}
    )


def test_textstat_is_given_our_syllables() -> None:
    """What textstat takes for CMUdict is our table."""
    textstat()
    counting = import_module("textstat.backend.counts._count_syllables")
    table = counting.get_cmudict("en_US")

    assert len(table) == len(lexicon().syllable_table)
    assert set(table) == set(lexicon().syllable_table)
    assert len(table["harbor"][0]) == 2


def test_panel_of_an_empty_text_measures_nothing() -> None:
    """The panel says nan, not 0, of a text without words."""
    assert all(map(isnan, panel(" ... ").values()))


def test_textstat_never_downloads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counting syllables by textstat works with nltk's downloader out of order."""
    import nltk

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("textstat went to the network")

    monkeypatch.setattr(nltk, "download", refuse)

    assert textstat().textstat.syllable_count("Uncharted harbours matter.") == 7
