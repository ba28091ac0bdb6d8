from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest
from invented import TINY, invented

from detector.classify import MODEL_NAME
from detector.errors import DetectorError
from training import card, evaluate, rivals
from training.evaluation.predictions import run
from training.fit import fit_model
from training.model_files import save
from training.splits import in_corpus, leave_corpus_out, leave_family_out, leave_tool_out

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a model's folder with an evaluation of invented pairs."""
    table, fit = invented(400), partial(fit_model, recipe=TINY)
    path = tmp_path_factory.mktemp("model")
    save(fit(table), path, table, TINY)
    found = evaluate.report(
        table,
        run(table, [in_corpus(table)], fit)["in corpus"],
        run(table, leave_corpus_out(table), fit),
        run(table, leave_tool_out(table), fit),
        run(table, leave_family_out(table), fit),
    )
    same = dict.fromkeys(("word_overlap", "character_style"), found["in_corpus"]["all"])
    found["rivals"] = {"in_corpus": same, "leave_one_corpus_out": same}
    evaluate.write(found, path / "evaluation.json")
    return path


def test_the_card_is_rendered_from_the_files(folder: Path) -> None:
    """The shipped template is filled completely, and the card is written beside the model."""
    text = card.card(folder)

    assert (folder / "card.md").read_text(encoding="utf-8") == text
    assert "{{" not in text
    assert "grounds to look" in text
    assert "Intended use" in text
    assert "Forbidden use" in text


def test_the_card_shows_the_figures_of_the_evaluation(folder: Path) -> None:
    """A figure in the card is the one in evaluation.json."""
    found = json.loads((folder / "evaluation.json").read_text())
    headline = found["leave_one_corpus_out"]["all"]["tpr_at_1"]

    assert card.with_interval(headline) in card.card(folder)


def test_every_part_can_be_rendered(folder: Path) -> None:
    """Each name that a template may use gives text."""
    found = json.loads((folder / "evaluation.json").read_text())
    manifest = json.loads((folder / "manifest.json").read_text())

    assert all(part() for part in card.parts(found, manifest).values())


def test_an_unknown_placeholder_stops_the_card() -> None:
    """A name that nothing fills is named, with the names there are."""
    with pytest.raises(DetectorError, match="asks for acuracy, which nothing fills") as error:
        card.fill("AUC {{ acuracy }}", {"accuracy": lambda: ".9"})
    assert "accuracy" in error.value.hint


@pytest.mark.parametrize("left", ["TODO", "TBD", "{{", "}}"])
def test_what_is_left_to_be_written_stops_the_card(left: str) -> None:
    """A card with an unwritten part is not a card; the error names the line."""
    with pytest.raises(DetectorError, match="line 2 of the card still says"):
        card.fill(f"First.\nSecond {left}.", {})


def test_missing_figures_are_dashes() -> None:
    """Where nothing could be measured the card shows a dash, never a zero."""
    nothing = {"value": None, "low": None, "high": None}

    assert [card.percent(None), card.figure(None), card.with_interval(nothing)] == ["-"] * 3
    assert card.percent(0.0) == "0.0 %"


def test_the_shipped_card_is_the_one_that_its_files_give() -> None:
    """The card beside the shipped model is what rendering it now would write."""
    shipped = ROOT / "models" / MODEL_NAME
    found = json.loads((shipped / "evaluation.json").read_text())
    manifest = json.loads((shipped / "manifest.json").read_text())
    text = card.fill(card.TEMPLATE.read_text(encoding="utf-8"), card.parts(found, manifest))

    assert (shipped / "card.md").read_text(encoding="utf-8") == text


# ---------------------------------------------------------------- rivals


def test_the_rivals_measures_are_what_they_say() -> None:
    """Overlap counts words as often as they stand there, Jaccard whole 3-grams."""
    ours, theirs = ["the", "boat", "came", "home", "late"], ["the", "boat", "came", "in", "late"]

    assert rivals.overlap(ours, theirs) == 0.8
    assert rivals.overlap(["the", "the"], theirs) == 0.5
    assert rivals.jaccard(ours, theirs) == pytest.approx(1 / 5)
    assert rivals.cosine(ours, ours, lambda word: 1.0) == pytest.approx(1)
    assert rivals.cosine(ours, ["other"], lambda word: 1.0) == 0


def test_tortured_phrases_count_double_where_the_source_has_them_right() -> None:
    """A phrase that nobody writes counts once, twice where the source shows what was meant."""
    phrases = rivals.phrase_table([("Bosom Peril", "breast cancer"), ("same", "same")])
    suspect = rivals.words("A study of bosom peril was published.")

    assert phrases == {"bosom peril": "breast cancer"}
    assert rivals.tortured(suspect, [], phrases) == pytest.approx(1000 / 7)
    source = rivals.words("A breast cancer study came out.")
    assert rivals.tortured(suspect, source, phrases) == pytest.approx(2000 / 7)
    assert rivals.tortured([], source, phrases) == 0


def test_the_middle_band_learns_that_rewriting_lies_in_the_middle() -> None:
    """A rival of one number is given the best reading of it, learnt on the training side."""
    import numpy as np

    values = np.linspace(0, 1, 400)
    rate = rivals.middle_band(values, (values > 0.3) & (values < 0.6))

    assert rate(np.array([0.45]))[0] > 0.9
    assert rate(np.array([0.05, 0.95])).max() < 0.1


def test_make_up_is_what_is_left_when_nobody_reads():
    """Other words look alike, and so does what cleaning mends; capitals do not."""
    plain = rivals.make_up("The boat came home late, at noon.")

    assert rivals.make_up("Our ship went back soon, by dusk.") == plain
    assert rivals.make_up("The boat came home late , at noon.") == plain
    assert rivals.make_up("THE BOAT CAME HOME LATE, AT NOON.") != plain
