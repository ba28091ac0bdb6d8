from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from invented import ALONE_NAMES, NAMES, TINY, invented, with_columns, with_features

from detector.classify import load_model
from detector.errors import DetectorError
from training.fit import (
    fit,
    fit_model,
    pair_columns,
    thresholds,
    unseen_scores,
)
from training.metrics import threshold_at
from training.model_files import save
from training.recipe import capped, learning_weights
from training.refit import refit_alone
from training.shift import fit_direction, fit_shift
from training.splits import class_balance, held_out
from training.style import unseen_alone
from training.table import PART, Table, read_table


def digests(folder: Path) -> dict[str, str]:
    """Hash every file of a folder."""
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}


def write(table: Table, path: Path) -> Path:
    """Write a table as `training.table` does."""
    columns = {name: pa.array(values.tolist()) for name, values in table.columns.items()}
    columns |= {f"pair:{name}": table.features[:, i] for i, name in enumerate(NAMES)}
    columns |= {f"part:{name}": table.parts[:, i] for i, name in enumerate(NAMES)}
    columns |= {f"alone:{name}": table.alone[:, i] for i, name in enumerate(ALONE_NAMES)}
    written = pa.table(columns).replace_schema_metadata({"feature_set": table.feature_set})
    pq.write_table(written, path)
    return path


def test_the_same_seed_gives_the_same_files(tmp_path: Path) -> None:
    """Fitted twice, every file of the model is the same to the byte; another seed's is not."""
    table = invented()
    for name, seed in (("one", 3), ("two", 3), ("other", 4)):
        recipe = replace(TINY, seed=seed)
        save(fit_model(table, recipe), tmp_path / name, table, recipe)
    one, two, other = (digests(tmp_path / name) for name in ("one", "two", "other"))

    assert one == two
    assert one["estimators.npz"] != other["estimators.npz"]


def test_a_fitted_model_can_be_loaded_and_says_the_same(tmp_path: Path) -> None:
    """What is fitted, written and loaded gives the opinions that it gave in memory."""
    table = invented()
    model = fit(write(table, tmp_path / "table.parquet"), tmp_path / "model", recipe=TINY)
    loaded = load_model(tmp_path / "model")
    asked = table.features[:20], table.both_wordings[:20]

    assert [o.score for o in loaded.opinions(*asked)] == [o.score for o in model.opinions(*asked)]
    alone, words = table.alone[:9], table["wording"][:9]
    assert loaded.opinions_alone(alone, words) == model.opinions_alone(alone, words)
    assert loaded.thresholds == model.thresholds


def test_a_refit_changes_what_judges_alone_and_nothing_else(tmp_path: Path) -> None:
    """Opinions of pairs stay to the last digit; of suspects alone they are the new table's."""
    table = invented()
    fit(write(table, tmp_path / "table.parquet"), tmp_path / "base", recipe=TINY)
    other = write(replace(table, alone=-table.alone), tmp_path / "other.parquet")
    refit_alone(other, tmp_path / "base", tmp_path / "new", recipe=TINY)
    base, new = load_model(tmp_path / "base"), load_model(tmp_path / "new")
    alone, words = table.alone[:9], table["wording"][:9]

    asked = table.features, table.both_wordings
    assert new.opinions(*asked) == base.opinions(*asked)
    assert new.opinions_alone(alone, words) != base.opinions_alone(alone, words)
    before, after = digests(tmp_path / "base"), digests(tmp_path / "new")
    assert all(before[name] == after[name] for name in ("familiarity.npz", "shift.npz"))


def test_a_refit_on_the_same_table_gives_the_same_model(tmp_path: Path) -> None:
    """Refitting what was fitted a moment ago writes the same files to the byte."""
    path = write(invented(), tmp_path / "table.parquet")
    fit(path, tmp_path / "base", recipe=TINY)
    refit_alone(path, tmp_path / "base", tmp_path / "new", recipe=TINY)

    assert digests(tmp_path / "base") == digests(tmp_path / "new")


def test_held_out_groups_are_never_trained_on(tmp_path: Path) -> None:
    """The manifest counts the rows of all groups but the held-out ones."""
    table = invented()
    fit(write(table, tmp_path / "table.parquet"), tmp_path / "model", recipe=TINY)
    manifest = json.loads((tmp_path / "model" / "manifest.json").read_text())
    counted = sum(sum(row.values()) for row in manifest["trained_on"].values())

    assert counted == (~held_out(table)).sum()
    assert 0.1 < held_out(table).mean() < 0.3


def test_a_table_of_other_features_is_refused(tmp_path: Path) -> None:
    """A table measured by other code names both feature sets and the command that mends it."""
    table = replace(invented(40), feature_set="0123")

    with pytest.raises(DetectorError, match="is of feature set 0123, this code computes") as error:
        fit(write(table, tmp_path / "table.parquet"), tmp_path / "model", recipe=TINY)
    assert "python -m training table" in error.value.hint


def test_a_table_without_wordings_is_refused(tmp_path: Path) -> None:
    """A table measured before there were wordings names the command that mends it."""
    table = invented(40)
    del table.columns["wording"]  # type: ignore[attr-defined]

    with pytest.raises(DetectorError, match="has no wordings") as error:
        read_table(write(table, tmp_path / "table.parquet"))
    assert "python -m training table" in error.value.hint


def test_a_table_survives_being_written(tmp_path: Path) -> None:
    """Reading a table gives back features, names and columns."""
    table = invented(40)
    found = read_table(write(table, tmp_path / "table.parquet"))

    assert np.array_equal(found.features, table.features, equal_nan=True)
    assert np.array_equal(found.parts, table.parts, equal_nan=True)
    assert np.array_equal(found.alone, table.alone)
    assert (found.names, found.alone_names) == (NAMES, ALONE_NAMES)
    assert found["tool"].tolist() == table["tool"].tolist()
    assert all(map(np.array_equal, found["wording"], table["wording"]))
    assert found.classes.tolist() == table.classes.tolist()


def test_the_pair_model_does_not_see_absolute_style() -> None:
    """Its columns are the pair's own measurements and the gaps."""
    seen = [NAMES[i] for i in pair_columns(invented(10))]

    assert "gap_mattr" in seen
    assert "source_used_share" in seen
    assert not {f"suspect_{name}" for name in ALONE_NAMES} & set(seen)
    assert not {f"source_{name}" for name in ALONE_NAMES} & set(seen)


def test_out_of_corpus_scores_are_blind_to_the_corpus() -> None:
    """Flipping every label of one corpus leaves the raw scores of that corpus as they were."""
    table = invented()
    mine = table["corpus"] == "quarry"
    flipped = np.where(mine & table.machine, "copy", table["relation"])
    other = replace(table, columns={**table.columns, "relation": flipped})
    before, after = unseen_scores(table, TINY), unseen_scores(other, TINY)

    assert np.array_equal(before.pair[mine], after.pair[mine])
    assert not np.isnan(before.pair).any()
    assert not np.isnan(unseen_alone(table, TINY)).any()
    assert np.array_equal(unseen_alone(table, TINY)[mine], unseen_alone(other, TINY)[mine])


def test_the_threshold_keeps_its_promise_out_of_corpus() -> None:
    """Of what people wrote, and of light polish, no more is accused unseen than is allowed."""
    table = invented()
    model, unseen = fit_model(table, TINY), unseen_scores(table, TINY)
    score, part = model.calibration(unseen.machine), model.calibration(unseen.part)
    own = ~table["crossed"].astype(bool)
    honest = own & ~table.machine
    accused = score >= model.thresholds.flag
    for_a_part = ~accused & (np.nan_to_num(part) >= model.thresholds.part)

    polished = honest & table.lightly_polished
    assert accused[honest & ~polished].mean() <= TINY.accused_of_people
    assert 0 < polished.sum() < honest.sum()
    assert accused[polished].mean() <= TINY.accused_of_polish
    assert for_a_part[honest].mean() <= TINY.accused_for_a_part
    assert model.thresholds.part >= model.thresholds.flag
    alone = model.calibration_alone(unseen_alone(table, TINY))[~table.rewritten]
    assert (alone >= model.thresholds.alone).mean() <= TINY.flagged_alone
    found = thresholds(table, score, part, model.thresholds.alone, TINY)
    assert found == model.thresholds


def test_easy_pairs_made_here_do_not_lower_the_threshold() -> None:
    """However sure the model is of the honest pairs made from originals, they have no say."""
    table = invented()
    made = table["crossed"].astype(bool) & ~table.machine
    score = np.random.default_rng(0).random(len(table))
    before = thresholds(table, score, score, 0.9, TINY).flag

    assert made.any()
    assert thresholds(table, np.where(made, 0.0, score), score, 0.9, TINY).flag == before


def test_no_corpus_of_peoples_writing_is_accused_more_than_it_may_be() -> None:
    """Where one corpus of human rewriting scores high, the threshold rises for its sake."""
    table = invented(9000)
    by_hand = (table["relation"] == "human_rewrite") & ~table["crossed"].astype(bool)
    hard = by_hand & (table["corpus"] == "quarry")
    score = np.where(table.machine, 0.99, np.random.default_rng(0).random(9000) * 0.5)
    score[hard] = np.linspace(0.5, 0.98, hard.sum())
    flag = thresholds(table, score, score, 0.9, TINY).flag

    assert hard.sum() >= 100
    assert (score[hard] >= flag).mean() <= TINY.accused_of_a_corpus
    assert (score[hard] >= np.nextafter(flag, 0)).mean() > TINY.accused_of_a_corpus - 0.02
    own = ~table["crossed"].astype(bool) & ~table.machine
    assert threshold_at(score[own], TINY.accused_of_people) < flag


def test_light_polish_is_accused_no_more_than_it_may_be() -> None:
    """Where what a model polished lightly scores high, the threshold rises for its sake."""
    table = invented(9000)
    score = np.where(table.machine, 0.99, np.random.default_rng(0).random(9000) * 0.5)
    polished = table.lightly_polished & ~table["crossed"].astype(bool)
    score[polished] = np.linspace(0.5, 0.98, polished.sum())
    flag = thresholds(table, score, score, 0.9, TINY).flag

    assert polished.sum() >= 50
    assert (score[polished] >= flag).mean() <= TINY.accused_of_polish
    assert (score[polished] >= np.nextafter(flag, 0)).mean() > TINY.accused_of_polish - 0.02


def test_parts_are_learnt_from_as_rows_of_their_own() -> None:
    """Behind the wholes stand the parts that there are, by tools named after the wholes'."""
    table = invented(60)
    learnt = table.with_parts()
    has_part = table.has_part

    assert len(learnt) == 60 + has_part.sum() == 80
    assert np.array_equal(learnt.features[60:], table.parts[has_part], equal_nan=True)
    assert np.array_equal(learnt.features[:60], table.features, equal_nan=True)
    assert learnt["tool"][60:].tolist() == [PART + tool for tool in table["tool"][has_part]]
    assert learnt.classes[60:].tolist() == table.classes[has_part].tolist()
    assert len(set(learnt["pair_id"])) == 80
    assert not learnt.has_part[60:].any()


def test_no_corpus_and_tool_outweighs_the_cap() -> None:
    """At most so many rows of one corpus, class and tool are kept, chosen by their ids."""
    table = invented()
    kept = capped(table, 7)
    cells = Counter(
        zip(table["corpus"][kept], table.classes[kept].tolist(), table["tool"][kept], strict=True)
    )

    assert max(cells.values()) == 7
    assert kept.tolist() == sorted(set(kept.tolist()))
    assert len(capped(table, 10**6)) == len(table)


def test_the_direction_is_learnt_and_turns_with_the_sides() -> None:
    """Of a rewrite and itself the other way round exactly one is the copy, and mostly rightly."""
    table = invented(600)
    gaps = [name for name in table.names if name.startswith("gap_")]
    drift = np.random.default_rng(0).normal(0.8, 1, len(table))
    table = with_features(table, **{gaps[3]: drift})
    direction = fit_direction(table, TINY)
    there = direction(table.features, table.both_wordings)
    back = table.features.copy()
    back[:, direction.style.columns] *= -1
    swapped = [(theirs, ours) for ours, theirs in table.both_wordings]

    assert np.array_equal(direction(back, swapped), -there)
    assert direction.style(table.features).std() == pytest.approx(1, rel=1e-3)
    assert direction.of_words(table.both_wordings).std() == pytest.approx(1, rel=1e-3)
    assert (there[table.machine] > 0).mean() > 0.7


def test_the_shift_is_learnt_from_language_models_and_has_its_weight() -> None:
    """Rewrites by language models move towards it, and all pairs as far as the recipe says."""
    table = invented(2000)
    gaps = [name for name in table.names if name.startswith("gap_")]
    by_model = table["family"] == "language_model"
    drift = np.random.default_rng(0).normal(size=len(table)) + 2 * by_model
    table = with_features(table, **{gaps[3]: drift})
    shift = fit_shift(table, TINY)
    style, words = shift.style(table.features), shift.of_words(table.both_wordings)

    assert (style[by_model] > 0).mean() > 0.8 > (style[~by_model] > 0).mean()
    assert (words[table.machine] > 0).mean() > 0.8
    assert style.std() == pytest.approx(TINY.shift_style, rel=1e-3)
    assert words.std() == pytest.approx(TINY.shift_words, rel=1e-3)


def test_without_language_models_the_shift_is_learnt_from_all_rewrites() -> None:
    """Where the family is left out, the other two teach what a machine brings along."""
    table = invented(900)
    others = table.take(table["family"] != "language_model")
    words = fit_shift(others, TINY).of_words(others.both_wordings)

    assert (words[others.machine] > 0).mean() > 0.8


def test_imitated_handiwork_weighs_less() -> None:
    """Rows of an imitated tool get their part of the weight; the class keeps its own."""
    table = invented()
    tool = np.where(np.arange(len(table)) % 2, "update", "teacher").astype(object)
    weights = learning_weights(with_columns(table, tool=tool))
    first = table.classes == 4
    light, full = (weights[first & (tool == name)] for name in ("update", "teacher"))

    assert light.max() < full.min()
    per_class = [weights[table.classes == number].sum() for number in range(8)]
    assert per_class == pytest.approx([per_class[0]] * 8)


def test_classes_and_corpora_weigh_alike() -> None:
    """Within a class each corpus has the same weight, and each class has the same."""
    table = invented()
    weights = class_balance(table)
    first = table.classes == 0
    per_corpus = [weights[first & (table["corpus"] == c)].sum() for c in set(table["corpus"])]
    per_class = [weights[table.classes == number].sum() for number in range(8)]

    assert weights.mean() == pytest.approx(1)
    assert per_corpus == pytest.approx([per_corpus[0]] * len(per_corpus))
    assert per_class == pytest.approx([per_class[0]] * 8)
