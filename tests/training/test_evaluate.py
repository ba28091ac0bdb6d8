"""Guards of the harness: what would make its figures too good to be true."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from invented import CORPORA, TINY, invented, with_columns, with_features

from detector.classify import Model
from detector.records import RELATIONS
from training import evaluate, metrics
from training.evaluation import figures, plots
from training.evaluation.predictions import Predictions, judge, pooled, run
from training.fit import fit_model
from training.splits import (
    LeakError,
    Split,
    check,
    folds,
    in_corpus,
    is_held_out,
    leave_corpus_out,
    leave_family_out,
    leave_tool_out,
    units,
)
from training.table import WORDINGS, Table

FIT = partial(fit_model, recipe=TINY)


def auc_of(table: Table, told: Predictions) -> float:
    """AUC of predictions."""
    return metrics.auc(told.score, table.machine[told.rows])


def by_halves(table: Table, side: np.ndarray) -> Predictions:
    """Train on one side and judge the other."""
    return run(table, [Split("halves", ~side, side)], FIT)["halves"]


# ---------------------------------------------------------------- leaks


@pytest.mark.parametrize("splits", [leave_corpus_out, leave_tool_out, leave_family_out])
def test_no_split_has_a_group_on_both_sides(splits: object) -> None:
    """No original, event or duplicate that is judged has been trained on."""
    table = invented()
    for split in splits(table):  # type: ignore[operator]
        assert split.test.any()
        assert split.train.any()
        assert not set(table["group"][split.train]) & set(table["group"][split.test])


def test_a_planted_leak_is_detected() -> None:
    """One row of a judged group on the training side stops the run, with the group's name."""
    table = invented()
    split = in_corpus(table)
    planted = split.train.copy()
    group = table["group"][np.flatnonzero(split.test)[0]]
    planted[np.flatnonzero(table["group"] == group)[1]] = True
    test = split.test & ~planted

    with pytest.raises(LeakError, match=f"group {group!r} is on both sides"):
        check(Split("planted", planted, test), table)


def test_a_row_on_both_sides_is_detected() -> None:
    """The same row may not be trained on and judged."""
    table = invented(40)
    everything = np.ones(len(table), dtype=bool)

    with pytest.raises(LeakError, match="rows are on both sides"):
        check(Split("all", everything, everything), table)


def test_a_column_left_out_may_not_be_trained_on() -> None:
    """A corpus on both sides is a leak where the corpus is what is left out."""
    table = with_columns(invented(40), group=np.arange(40).astype(str).astype(object))
    test = np.arange(40) < 20

    with pytest.raises(LeakError, match="corpus 'harbour' is on both sides"):
        check(Split("halves", ~test, test), table, "corpus")


def test_what_betrays_the_original_helps_only_where_groups_leak() -> None:
    """A label that hangs on the original is learnt from a leaking split, not from ours."""
    table = invented(600, copies=4)
    random = np.random.default_rng(5)
    group = np.unique(table["group"], return_inverse=True)[1]
    label = random.integers(0, 2, group.max() + 1)[group].astype(bool)
    relation = np.where(label, "automated_rewrite", "copy")
    family = np.where(label, "language_model", "")
    print_of_group = random.normal(size=(group.max() + 1, len(table.names)))[group]
    table = with_features(table, **dict(zip(table.names, print_of_group.T, strict=True)))
    table = with_columns(table, relation=relation, family=family)
    leaking = by_halves(table, np.arange(len(table)) % 4 == 0)
    clean = run(table, [in_corpus(table)], FIT)["in corpus"]

    assert auc_of(table, leaking) > 0.8
    assert abs(auc_of(table, clean) - 0.5) < 0.15


def test_shuffled_labels_cannot_be_learnt() -> None:
    """With labels dealt out at random every harness ranks like a coin."""
    table = invented(800)
    order = np.random.default_rng(2).permutation(len(table))
    shuffled = with_columns(
        table, **{name: table[name][order] for name in ("relation", "family", "tool")}
    )
    inside = run(shuffled, [in_corpus(shuffled)], FIT)["in corpus"]
    outside = pooled(list(run(shuffled, leave_corpus_out(shuffled), FIT).values()))

    assert abs(auc_of(shuffled, inside) - 0.5) < 0.12
    assert abs(auc_of(shuffled, outside) - 0.5) < 0.06


def test_a_constant_model_has_the_figures_of_a_coin() -> None:
    """Features without a difference give AUC .5 and nothing found at 1 % FPR."""
    table = invented()
    blank = Table(
        np.zeros_like(table.features),
        table.names,
        np.zeros_like(table.parts),
        np.zeros_like(table.alone),
        table.alone_names,
        table.columns,
        table.feature_set,
    )
    same = dict.fromkeys(WORDINGS, table["wording"][[0] * len(table)])
    blank = with_columns(blank, **same)
    told = run(blank, [in_corpus(blank)], FIT)["in corpus"]

    assert auc_of(blank, told) == 0.5
    assert metrics.tpr_at(told.score, blank.machine[told.rows], 0.01) == 0
    assert not told.flagged.any()


def test_thresholds_are_blind_to_the_side_that_is_judged() -> None:
    """Flipping every label of the left-out corpus leaves its verdicts as they were."""
    table = invented()
    mine = table["corpus"] == "quarry"
    flipped = with_columns(
        table,
        relation=np.where(mine & table.machine, "copy", table["relation"]),
        family=np.where(mine, "", table["family"]),
    )
    split = next(s for s in leave_corpus_out(table) if s.name == "quarry")
    before, after = (run(t, [split], FIT)["quarry"] for t in (table, flipped))

    assert np.array_equal(before.score, after.score)
    assert np.array_equal(before.flagged, after.flagged)
    assert before.doubt.tolist() == after.doubt.tolist()


# ---------------------------------------------------------------- splits


def test_every_corpus_is_left_out_once() -> None:
    """The test sides tile the table, and the corpus left out is never trained on."""
    table = invented()
    splits = list(leave_corpus_out(table))

    assert sorted(split.name for split in splits) == sorted(CORPORA)
    assert np.array_equal(sum(split.test.astype(int) for split in splits), np.ones(len(table)))
    for split in splits:
        assert split.name not in set(table["corpus"][split.train])


def test_corpora_that_share_originals_are_left_out_together() -> None:
    """Two corpora over the same originals are one unit; a few shared ones are dropped instead."""
    table = invented()
    group = table["group"].copy()
    meadow, orchard = (np.flatnonzero(table["corpus"] == c) for c in ("meadow", "orchard"))
    group[orchard] = group[meadow[: len(orchard)]]
    joined = with_columns(table, group=group)
    group = table["group"].copy()
    group[orchard[:4]] = group[meadow[:4]]
    touching = with_columns(table, group=group)

    assert units(joined)["meadow"] == units(joined)["orchard"] == "meadow+orchard"
    assert units(touching)["meadow"] == "meadow"
    for split in leave_corpus_out(touching):
        assert not set(group[split.train]) & set(group[split.test])


def test_a_tool_left_out_is_judged_against_all_held_out_honest_pairs() -> None:
    """The test side has that tool's rewrites and every honest pair of the held-out groups."""
    table = invented()
    for split in leave_tool_out(table):
        assert set(table["tool"][split.test & table.machine]) == {split.name}
        assert split.name not in set(table["tool"][split.train])
        assert (split.test & ~table.machine).sum() == (in_corpus(table).test & ~table.machine).sum()


def test_a_family_left_out_is_not_trained_on() -> None:
    """None of its rewrites stands on the training side."""
    table = invented()
    names = []
    for split in leave_family_out(table):
        names.append(split.name)

        assert split.name not in set(table["family"][split.train])
    assert len(names) == 3


def test_folds_hold_whole_corpora() -> None:
    """No corpus is cut by the folds that calibration rests on."""
    table = invented()
    fold = folds(table, 3)

    assert set(fold.tolist()) == {0, 1, 2}
    for corpus in CORPORA:
        assert len(set(fold[table["corpus"] == corpus])) == 1


def test_folds_share_out_what_people_wrote() -> None:
    """The two corpora of people's writing come apart, though both are the smallest."""
    table, written = invented(1000), ("meadow", "summit")
    people = np.isin(table["corpus"].astype(str), written)
    table = table.take(people & table.peoples_own | ~people & ~table.peoples_own)
    fold = folds(table, 2)
    homes = {int(fold[table["corpus"] == corpus][0]) for corpus in written}

    assert homes == {0, 1}


def test_held_out_hangs_on_the_name_of_the_group_alone() -> None:
    """A group is held out or not whatever table it stands in, about one in five."""
    chosen = [is_held_out(f"group {i}") for i in range(2000)]

    assert 0.17 < np.mean(chosen) < 0.23
    assert is_held_out("group 7") == is_held_out("group 7")


# ---------------------------------------------------------------- interruptions


def test_an_interrupted_evaluation_goes_on_where_it_was(tmp_path: Path) -> None:
    """What a split gave is kept, the same to the last bit, and not fitted for again."""
    table = invented(300)
    splits = list(leave_corpus_out(table))
    told = run(table, splits[:2], FIT, kept=tmp_path)
    fitted: list[int] = []

    def counting(part: Table) -> Model:
        fitted.append(len(part))
        return FIT(part)

    again = run(table, splits[:3], counting, kept=tmp_path)

    assert len(fitted) == 1
    assert list(again) == [split.name for split in splits[:3]]
    for name, first in told.items():
        for field in fields(Predictions):
            before, after = getattr(first, field.name), getattr(again[name], field.name)
            assert np.array_equal(before, after)
            assert before.dtype == after.dtype


# ---------------------------------------------------------------- figures


@pytest.fixture(scope="module")
def found() -> tuple[Table, dict[str, Predictions]]:
    """Predictions of every harness on one invented table."""
    table = invented(500)
    return table, {
        "in_corpus": run(table, [in_corpus(table)], FIT)["in corpus"],
        "corpora": run(table, leave_corpus_out(table), FIT),
        "tools": run(table, leave_tool_out(table), FIT),
        "families": run(table, leave_family_out(table), FIT),
    }


def test_a_real_difference_is_found(found: tuple[Table, dict[str, Predictions]]) -> None:
    """What tells the classes apart in every corpus is learnt across corpora."""
    table, told = found

    assert auc_of(table, told["in_corpus"]) > 0.9
    assert auc_of(table, pooled(list(told["corpora"].values()))) > 0.9


def test_the_report_is_plain_json_with_every_section(
    found: tuple[Table, dict[str, Predictions]], tmp_path: Path
) -> None:
    """The report survives JSON, repeats itself, and its plots and counts agree with the table."""
    table, told = found
    report = evaluate.report(table, **told)
    again = evaluate.report(table, **told)
    evaluate.write(report, tmp_path / "evaluation.json")
    read = json.loads((tmp_path / "evaluation.json").read_text())
    drawn = plots.draw(read, tmp_path / "plots")

    assert report == again == read
    assert set(read) >= {"in_corpus", "leave_one_corpus_out", "leave_one_tool_out", "no_source"}
    assert [path.stat().st_size < 60_000 for path in drawn] == [True] * 3
    assert sum(sum(row.values()) for row in read["pairs"].values()) == len(table)
    confusion = read["leave_one_corpus_out"]["relation"]["counts"]
    assert np.sum(confusion) == len(table)


def test_plots_of_the_same_figures_are_the_same_files(
    found: tuple[Table, dict[str, Predictions]], tmp_path: Path
) -> None:
    """A plot carries no date and no chance."""
    table, told = found
    report = evaluate.report(table, **told)
    one, two = (
        [path.read_bytes() for path in plots.draw(report, tmp_path / name)] for name in "ab"
    )

    assert one == two


def test_shares_at_the_threshold_are_counts(
    found: tuple[Table, dict[str, Predictions]],
) -> None:
    """Accused and found shares are the flags that a plain loop counts."""
    table, told = found
    inside = told["in_corpus"]
    summary = figures.summary(table, inside, draws=0)
    honest = [
        f for f, row in zip(inside.flagged, inside.rows, strict=True) if not table.machine[row]
    ]

    assert summary["accused"]["n"] == len(honest)
    assert summary["accused"]["share"] == pytest.approx(sum(honest) / len(honest), abs=1e-4)
    assert summary["cannot_tell"]["share"] == pytest.approx(np.mean(inside.doubt != ""), abs=1e-4)


def test_the_direction_is_judged_on_accused_rewrites(
    found: tuple[Table, dict[str, Predictions]],
) -> None:
    """Its shares are what a plain loop counts; a direction that is turned is wrong as often."""
    table, told = found
    inside = told["in_corpus"]
    rightly: dict[str, list[bool]] = {}
    for row, flagged, odds in zip(inside.rows, inside.flagged, inside.direction, strict=True):
        if flagged and table.machine[row]:
            rightly.setdefault(table["family"][row], []).append(bool(odds > 0))
    by_family = figures.direction(table, inside)["families"]
    turned = figures.direction(table, replace(inside, direction=-inside.direction))["families"]

    assert {name: row["n"] for name, row in by_family.items()} == {
        name: len(marks) for name, marks in rightly.items()
    }
    for name, marks in rightly.items():
        assert by_family[name]["share"] == pytest.approx(np.mean(marks), abs=1e-4)
        assert by_family[name]["share"] + turned[name]["share"] == pytest.approx(1, abs=2e-4)


def test_degree_is_judged_on_as_many_pairs_of_each_stated_degree() -> None:
    """Where most stated degrees are alike, those pairs do not decide the correlation."""
    table = invented(200)
    stated = np.where(np.arange(200) < 160, 0.2, 0.9)
    measured = np.where(stated == 0.9, 1.0, np.random.default_rng(0).random(200))
    columns = {"degree": stated, "measured_degree": measured, "crossed": np.zeros(200, bool)}
    found = figures.degree(with_columns(table, **columns, corpus=np.full(200, "harbour", object)))

    assert found["harbour"]["n"] == 80
    assert found["harbour"]["rank_correlation"] > 0.8


def test_style_alone_is_judged_on_whose_text_it_is() -> None:
    """A machine's text beside a source that it was not made from counts as a machine's."""
    table = invented(60)
    tool = np.where(table.machine, table["tool"], "other_part_spun").astype(object)
    spun = with_columns(table, tool=tool)

    assert not table.rewritten[~table.machine].any()
    assert spun.rewritten.all()


def test_a_slice_without_enough_pairs_has_no_figure() -> None:
    """Ten pairs give shares with their number, and None for a ranking."""
    table = invented(30)
    model = fit_model(invented(200), TINY)
    told = judge(model, table, np.arange(10))
    genre = figures.slices(table, told)["genre"]

    assert all(cell["auc"] is None for cell in genre.values())
    assert sum(cell["cannot_tell"]["n"] for cell in genre.values()) == 10


def test_pooling_refuses_a_row_that_is_judged_twice() -> None:
    """Each pair counts once in a pooled figure."""
    table = invented(200)
    told = judge(fit_model(table, TINY), table, np.arange(5))

    with pytest.raises(ValueError, match="judged in two"):
        pooled([told, told])


def test_every_relation_has_its_row_in_the_confusion_matrix(
    found: tuple[Table, dict[str, Predictions]],
) -> None:
    """Rows add up to the pairs of each relation; the last column is cannot_tell."""
    table, told = found
    inside = told["in_corpus"]
    counts = np.array(figures.relation_confusion(table, inside)["counts"])
    truth = table["relation"][inside.rows].tolist()

    assert counts.shape == (len(RELATIONS), len(RELATIONS) + 1)
    assert counts.sum(axis=1).tolist() == [truth.count(name) for name in RELATIONS]
    assert counts[:, -1].sum() == (inside.doubt != "").sum()


def test_versions_of_one_program_are_left_out_together() -> None:
    """A tool's relatives teach its manner, and a chain of translations the manner of its parts."""
    table = invented(400)
    machine = np.flatnonzero(table.machine)
    tool = table["tool"].copy()
    tool[machine] = np.array(
        ["gpt-4", "gpt-4o", "apertium-es", "apertium-eo", "apertium-es-eo"], dtype=object
    )[machine % 5]
    splits = {split.name: split for split in leave_tool_out(with_columns(table, tool=tool))}
    seen = {name: set(tool[s.train]) for name, s in splits.items()}
    judged = {name: set(tool[s.test & table.machine]) for name, s in splits.items()}

    assert set(splits) == {"gpt-4", "apertium-es", "apertium-eo", "apertium-es-eo"}
    assert judged["gpt-4"] == {"gpt-4", "gpt-4o"}
    assert not judged["gpt-4"] & seen["gpt-4"]
    assert not {"apertium-es", "apertium-es-eo"} & seen["apertium-es"]
    assert judged["apertium-es"] == {"apertium-es"}


def test_a_rewritten_part_counts_as_it_does_when_pairs_are_scored() -> None:
    """With a rewrite in its place as a part, every suspect of the table is accused for it."""
    table = invented()
    model = FIT(table)
    rows = np.arange(len(table))
    surest = int(np.argmax(judge(model, table, rows).score))
    limits = replace(model.thresholds, part=model.thresholds.flag)
    everywhere = [surest] * len(table)
    words = {
        "part_wording": table["wording"][everywhere],
        "source_wording": table["source_wording"][everywhere],
    }
    told = judge(
        replace(model, thresholds=limits),
        replace(with_columns(table, **words), parts=table.features[everywhere]),
        rows,
    )

    assert (told.score >= limits.flag).all()
    assert not judge(
        model, replace(table, parts=np.full_like(table.parts, np.nan)), rows
    ).flagged.all()
