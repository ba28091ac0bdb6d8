from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from invented import TINY, invented

from detector.errors import DetectorError
from training import gate
from training.evaluation.predictions import judge
from training.fit import fit_model
from training.model_files import save
from training.splits import is_held_out

FLOORS = {"auc": 0.95, "found": 0.8}


def pairs(count: int = 300) -> pa.Table:
    """Invent pairs over groups, of two corpora."""
    return pa.table(
        {
            "pair_id": [f"pair {i}" for i in range(count)],
            "group": [f"group {i // 2}" for i in range(count)],
            "corpus": ["meadow" if i % 7 else "quarry" for i in range(count)],
            "relation": ["copy" if i % 3 else "automated_rewrite" for i in range(count)],
            "family": ["" if i % 3 else "language_model" for i in range(count)],
            "suspect": [f"suspect {i}" for i in range(count)],
            "source": [f"source {i}" for i in range(count)],
        }
    )


def folder_with(tmp_path: Path, floors: dict[str, float]) -> Path:
    """Give a model's folder that has only floors."""
    text = json.dumps({"floors": floors, "lowered": [], "pairs": "abc"})
    (tmp_path / "floors.json").write_text(text)
    return tmp_path


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """Stand in for the measurement; the test sets the figures."""
    found = dict(FLOORS)
    monkeypatch.setattr(gate, "_measured", lambda *_: ("abc", found))
    return found


def test_the_gate_measures_held_out_groups_only() -> None:
    """No pair that the shipped model may have been fitted on is measured."""
    chosen = gate.dealt(pairs(), 40).to_pylist()

    assert len(chosen) == 40
    assert all(is_held_out(row["group"]) for row in chosen)


def test_every_kind_of_pair_is_dealt_alike() -> None:
    """A small corpus is measured whole before a large one fills the sample."""
    chosen = gate.dealt(pairs(2000), 120).to_pylist()
    small = sum(row["corpus"] == "quarry" for row in chosen)

    assert small >= 35  # dealt by their share it would be 17


def test_the_sample_does_not_hang_on_what_else_there_is() -> None:
    """The same pairs in another order, with others that are not held out, give the same sample."""
    table = pairs()
    shuffled = table.take(pa.array(np.random.default_rng(0).permutation(len(table))))
    held = table.filter(pa.array([is_held_out(g) for g in table["group"].to_pylist()]))

    assert gate.pairs_hash(gate.dealt(table, 30)) == gate.pairs_hash(gate.dealt(shuffled, 30))
    assert gate.pairs_hash(gate.dealt(table, 30)) == gate.pairs_hash(gate.dealt(held, 30))


def test_round_trips_are_measured_and_not_pinned() -> None:
    """A translator that broke down over some texts changes neither the other pairs nor the hash."""
    families = ["round_trip_translation" if i % 6 == 0 else "" for i in range(2000)]
    table = pairs(2000).set_column(4, "family", pa.array(families))
    fewer = table.filter(pa.array([i % 18 != 0 for i in range(2000)]))

    assert gate.pairs_hash(gate.sample(table)) == gate.pairs_hash(gate.sample(fewer))
    assert "round_trip_translation" in gate.sample(fewer)["family"].to_pylist()


def test_the_hash_sees_every_text_and_label() -> None:
    """A changed word or label is another hash; another order is not."""
    table = pairs(20)
    texts = table["suspect"].to_pylist()
    changed = table.set_column(5, "suspect", pa.array([*texts[:-1], "suspect 0"]))

    assert gate.pairs_hash(table) != gate.pairs_hash(changed)
    assert gate.pairs_hash(table) == gate.pairs_hash(table.take(pa.array(range(19, -1, -1))))


def test_a_figure_above_its_floor_passes(tmp_path: Path, measured: dict[str, float]) -> None:
    """Equal, better, or lower by less than epsilon is no drop."""
    measured["auc"] -= gate.EPSILON / 2
    measured["found"] += 0.1

    assert gate.gate(tmp_path, folder_with(tmp_path, FLOORS)) == measured


def test_a_dropped_figure_fails_with_its_name(tmp_path: Path, measured: dict[str, float]) -> None:
    """The error says which figure, found and floor, and how to lower it on purpose."""
    measured["found"] = 0.7

    with pytest.raises(DetectorError, match=r"found: 0\.7000, floor 0\.8000") as error:
        gate.gate(tmp_path, folder_with(tmp_path, FLOORS))
    assert "--allow-regression --because" in error.value.hint


def test_a_slice_that_vanished_fails(tmp_path: Path, measured: dict[str, float]) -> None:
    """A figure that is no longer measured is a drop."""
    del measured["found"]

    with pytest.raises(DetectorError, match="found: no figure"):
        gate.gate(tmp_path, folder_with(tmp_path, FLOORS))


def test_other_pairs_fail_before_any_figure(tmp_path: Path, measured: dict[str, float]) -> None:
    """Floors hold for the pairs they were measured on."""
    folder = folder_with(tmp_path, FLOORS)
    (folder / "floors.json").write_text(json.dumps({"floors": FLOORS, "pairs": "other"}))

    with pytest.raises(DetectorError, match="the gate's pairs are abc"):
        gate.gate(tmp_path, folder)


def test_no_floors_is_an_error_with_the_next_step(tmp_path: Path) -> None:
    """Without floors.json nothing passes by accident."""
    with pytest.raises(DetectorError, match="no floor to compare with") as error:
        gate.gate(tmp_path, tmp_path)
    assert "gate --update" in error.value.hint


def test_floors_rise_quietly(tmp_path: Path, measured: dict[str, float]) -> None:
    """An update keeps the higher of old floor and new figure, and adds new figures."""
    measured.update({"auc": 0.99, "found": 0.795, "told": 0.9})
    folder = folder_with(tmp_path, FLOORS)
    gate.update(tmp_path, folder)
    pinned = json.loads((folder / "floors.json").read_text())

    assert pinned["floors"] == {"auc": 0.99, "found": 0.8, "told": 0.9}
    assert pinned["lowered"] == []


@pytest.mark.parametrize(("allow", "because"), [(False, "reason"), (True, " ")])
def test_floors_do_not_fall_without_leave_and_reason(
    tmp_path: Path, measured: dict[str, float], allow: bool, because: str
) -> None:
    """Lowering takes both the flag and a reason; otherwise the file stays as it was."""
    measured["found"] = 0.5
    folder = folder_with(tmp_path, FLOORS)
    before = (folder / "floors.json").read_text()

    with pytest.raises(DetectorError, match="this would lower 1 floors"):
        gate.update(tmp_path, folder, allow_regression=allow, because=because)
    assert (folder / "floors.json").read_text() == before


def test_a_lowered_floor_carries_its_reason(tmp_path: Path, measured: dict[str, float]) -> None:
    """The reason and the figures that fell are kept in the file."""
    measured["found"] = 0.5
    folder = folder_with(tmp_path, FLOORS)
    gate.update(tmp_path, folder, allow_regression=True, because="harder pairs")
    pinned = json.loads((folder / "floors.json").read_text())

    assert pinned["floors"]["found"] == 0.5
    assert pinned["lowered"] == [
        {"because": "harder pairs", "figures": ["found: 0.5000, floor 0.8000"]}
    ]


def test_the_figures_include_the_slices() -> None:
    """Each honest relation and corpus, and each family, has its own floor."""
    table = invented(600)
    model = fit_model(invented(400, seed=1), TINY)
    found = gate.measure(table, judge(model, table, np.arange(len(table))))

    assert {"auc", "not accused, relation copy", "not accused, corpus meadow"} <= set(found)
    assert "found, synonym_spinner" in found
    assert all(0 <= value <= 1 for value in found.values())


def test_texts_are_measured_on_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The gate starts from the texts of the pairs and ends at the shipped files' verdicts."""
    import pyarrow.parquet as pq

    table = invented(300)
    save(fit_model(table, TINY), tmp_path, table, TINY)
    pq.write_table(pairs(), tmp_path / "pairs.parquet")
    asked: list[int] = []
    monkeypatch.setattr(
        gate, "measured_table", lambda found, jobs: asked.append(len(found)) or table
    )
    gate.update(tmp_path / "pairs.parquet", tmp_path)

    assert asked == [len(gate.sample(pairs()))]
    assert gate.gate(tmp_path / "pairs.parquet", tmp_path)["auc"] > 0.5
