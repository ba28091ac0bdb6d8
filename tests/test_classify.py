from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_model import write_small_model

from detector import classify
from detector.calibrate import Calibration
from detector.classify import (
    CLASSES,
    HONEST,
    Ensemble,
    Familiarity,
    Model,
    Thresholds,
    blend_alone,
    load_model,
)
from detector.errors import DetectorError
from detector.estimators import Wording
from detector.features import FEATURES
from detector.records import FAMILIES, RELATIONS
from detector.shift import BothWordings, Direction, Shift

WIDTH = 5
# Of two buckets; the second takes back half of what the first says.
WEIGHTS = np.array([4, -2], dtype=np.int8)


class Fixed:
    """An estimator that gives every row the same probabilities."""

    def __init__(self, probabilities: list[float], classes: list[int] | None = None) -> None:
        self.probabilities = probabilities
        self.classes_ = np.array(classes or range(len(probabilities)))

    def predict_proba(self, matrix: np.ndarray) -> np.ndarray:
        """Repeat them."""
        return np.tile(self.probabilities, (len(matrix), 1))


def familiarity(landmarks: np.ndarray, distances: list[float]) -> Familiarity:
    """Measure from these landmarks, features as they are."""
    columns = np.arange(landmarks.shape[1])
    zeros, ones = np.zeros(len(columns)), np.ones(len(columns))
    return Familiarity(columns, zeros, ones, landmarks.astype(np.float32), np.array(distances))


def shift(*columns: int) -> Shift:
    """Make one that sees these columns and any words."""
    ones = np.ones(len(columns))
    return Shift(
        Direction(np.array(columns), ones, ones),
        Wording(np.arange(2), WEIGHTS, np.array([0.5]), np.zeros(1)),
    )


def model(*members: Fixed, boost: float = 0.5) -> Model:
    """Put a model together whose maps are nearly straight; boosting says what is given."""
    plain = Calibration((0.0, 1.0), (0.01, 0.99))
    return Model(
        id="test",
        thresholds=Thresholds(flag=0.9, part=0.95, unfamiliar=0.99, alone=0.9),
        calibration=plain,
        calibration_alone=plain,
        pair=Ensemble(np.arange(WIDTH), members),
        boosted=Ensemble(np.arange(WIDTH), (Fixed([1 - boost, boost]),)),
        alone=Ensemble(np.arange(2), (Fixed([0.25, 0.75]),)),
        wording=Wording(np.arange(2), WEIGHTS, np.array([0.5]), np.zeros(1)),
        familiarity=familiarity(np.zeros((3, WIDTH)), [1.0, 2.0]),
        direction=shift(0, 1),
        shift=shift(2),
        manifest={"feature_set": "abc"},
    )


def rows(count: int) -> np.ndarray:
    """Give rows of zeros."""
    return np.zeros((count, WIDTH), dtype=np.float32)


def level(count: int) -> list[BothWordings]:
    """Give pairs whose two sides have the same words."""
    return [(np.array([0], dtype=np.uint32),) * 2] * count


@given(st.lists(st.floats(0, 1), min_size=8, max_size=8).filter(lambda p: sum(p) > 0.01))
def test_an_opinion_is_two_distributions_and_one_score(raw: list[float]) -> None:
    """Relations and families each sum to 1, and the last relation is the score."""
    (opinion,) = model(Fixed([value / sum(raw) for value in raw])).opinions(rows(1), level(1))

    assert len(opinion.relations) == len(RELATIONS)
    assert len(opinion.families) == len(FAMILIES)
    assert sum(opinion.relations) == pytest.approx(1)
    assert sum(opinion.families) == pytest.approx(1)
    assert opinion.relations[-1] == pytest.approx(opinion.score)
    assert 0 < opinion.score < 1


def test_members_are_averaged_and_may_miss_classes() -> None:
    """A member that never saw a class counts as saying 0 for it."""
    first, second = Fixed([1.0], [7]), Fixed([0.5, 0.5], [0, 7])

    raw = model(first, second, boost=0.75).raw(rows(2), level(2))[1]
    assert raw.tolist() == pytest.approx([0.25, 0, 0, 0, 0, 0, 0, 0.75])


def test_boosting_and_the_shift_move_the_score_and_not_the_shares() -> None:
    """Boosting counts double on machine or not, the shift adds odds; the trees part the rest."""
    trees = Fixed([0.3, 0.1, 0, 0, 0, 0.4, 0.2, 0])
    (raw,) = model(trees, boost=0.45).raw(rows(1), level(1))
    # Two steps of a half more than the source has, over the root of one bucket.
    ours, theirs = np.array([0], dtype=np.uint32), np.array([1], dtype=np.uint32)
    (moved,) = model(trees, boost=0.45).raw(rows(1), [(ours, theirs)])

    assert raw[:5].tolist() == pytest.approx([0.375, 0.125, 0, 0, 0])
    assert raw[5:].tolist() == pytest.approx([0.5 * 2 / 3, 0.5 / 3, 0])
    assert moved[5:].sum() == pytest.approx(1 / (1 + np.exp(-3)), abs=1e-5)
    assert (moved[5:] / moved[5:].sum()).tolist() == pytest.approx([2 / 3, 1 / 3, 0])


def test_the_suspect_alone_has_a_score_of_its_own() -> None:
    """Each row of article features gets one calibrated probability."""
    words = [np.array([0], dtype=np.uint32), np.array([0, 1, 1], dtype=np.uint32)]
    style, no_words = model(Fixed([1.0])), np.log(0.75 / 0.25)
    # Four steps of 1/2 over the root of one bucket, and none over the root of three.
    odds = np.array([(no_words + 2) / 2, no_words / 2])
    expected = style.calibration_alone(1 / (1 + np.exp(-odds)))

    assert style.opinions_alone(rows(2)[:, :2], words) == pytest.approx(list(expected), abs=1e-5)


@given(st.floats(0, 1), st.integers(-128, 127))
def test_a_sure_estimator_of_the_suspect_alone_still_gives_a_probability(p: float, w: int) -> None:
    """Whatever either says of the suspect, the two together are between 0 and 1."""
    style = Ensemble(np.arange(2), (Fixed([1 - p, p]),))
    words = Wording(np.arange(2), np.array([w], np.int8), np.ones(1), np.zeros(1))
    (said,) = blend_alone(style, words, rows(1), [np.zeros(1, dtype=np.uint32)])

    assert 0 < said < 1


def test_a_model_of_another_version_of_the_wording_is_refused(tmp_path: Path) -> None:
    """Buckets that are numbered otherwise are not looked up."""
    write_small_model(tmp_path)
    vouch_for(tmp_path, wording=0)

    with pytest.raises(DetectorError, match="version 0 of the wording"):
        load_model(tmp_path)


def test_nothing_asked_nothing_said() -> None:
    """An empty matrix has no opinions."""
    assert model(Fixed([1.0])).opinions(rows(0), []) == []
    assert model(Fixed([1.0])).opinions_alone(rows(0), []) == []


def test_classes_are_the_honest_relations_then_the_families() -> None:
    """The classes that the estimators tell apart follow the records."""
    assert CLASSES[:HONEST] == RELATIONS[:-1]
    assert CLASSES[HONEST:] == FAMILIES
    assert RELATIONS[-1] == "automated_rewrite"


# ---------------------------------------------------------------- familiarity


def slow_distance(known: Familiarity, row: np.ndarray) -> float:
    """Compute the distance as its docstring says, one landmark at a time."""
    scaled = [
        0.0 if np.isnan(x) else float(np.clip((x - c) / s, -known.FAR, known.FAR))
        for x, c, s in zip(row, known.center, known.scale, strict=True)
    ]
    gaps = sorted(float(np.linalg.norm(mark - np.array(scaled))) for mark in known.landmarks)
    return float(np.mean(gaps[: known.NEAREST]))


@given(st.integers(0, 9999))
def test_distance_is_the_mean_to_the_nearest_landmarks(seed: int) -> None:
    """The matrix form equals the plain one, values that cannot be measured included."""
    random = np.random.default_rng(seed)
    known = familiarity(random.normal(size=(12, WIDTH)), [1.0])
    matrix = random.normal(scale=3, size=(4, WIDTH)).astype(np.float32)
    matrix[0, 0] = np.nan
    expected = [slow_distance(known, row) for row in matrix]

    assert known.distance(matrix) == pytest.approx(expected, abs=1e-3)


def test_unfamiliarity_is_a_share_of_the_training_distances() -> None:
    """A row on a landmark is 0, one beyond every training distance is 1."""
    known = familiarity(np.zeros((6, WIDTH)), [0.5, 1.0, 2.0, 3.0])
    matrix = rows(3)
    matrix[1], matrix[2] = 0.6, 3.0

    assert known(matrix).tolist() == [0.0, 0.5, 1.0]


# ---------------------------------------------------------------- loading


def vouch_for(folder: Path, **changes: object) -> None:
    """Change the manifest, which then names the files as they are."""
    manifest = json.loads((folder / "manifest.json").read_text())
    files = {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in classify.FILES
    }
    (folder / "manifest.json").write_text(json.dumps(manifest | {"files": files} | changes))


def test_a_loaded_model_gives_opinions(tmp_path: Path) -> None:
    """What was written can be loaded and asked, one row at a time or all at once."""
    write_small_model(tmp_path)
    loaded = load_model(tmp_path)
    matrix = np.random.default_rng(1).normal(size=(6, len(FEATURES))).astype(np.float32)
    random = np.random.default_rng(2)
    wordings = [tuple(random.integers(0, 9, 5).astype(np.uint32) for _ in "ab") for _ in range(6)]
    together = loaded.opinions(matrix, wordings)

    assert loaded.id == "small-1"
    assert loaded.trained_on == json.loads((tmp_path / "manifest.json").read_text())["feature_set"]
    assert [
        loaded.opinions(matrix[i : i + 1], wordings[i : i + 1])[0] for i in range(6)
    ] == together


def test_a_model_of_other_features_says_what_to_do(tmp_path: Path) -> None:
    """The error names model, expected and found feature set, and the next step."""
    write_small_model(tmp_path)
    vouch_for(tmp_path, feature_set="9f1c2a")

    with pytest.raises(DetectorError, match="small-1 was fitted on feature set 9f1c2a, this") as e:
        load_model(tmp_path)
    assert e.value.hint == "install unspun 0.1.0, or refit with `python -m training fit`"


@pytest.mark.parametrize("name", classify.FILES)
def test_an_altered_file_is_refused_before_it_is_loaded(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One changed byte is enough; nothing of the file is interpreted."""
    write_small_model(tmp_path)
    data = bytearray((tmp_path / name).read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / name).write_bytes(bytes(data))
    monkeypatch.setattr(classify, "arrays_of", lambda data: pytest.fail("was loaded"))

    with pytest.raises(DetectorError, match=f"{name} is not the file that the manifest names"):
        load_model(tmp_path)


def test_a_missing_model_says_where_it_was_looked_for(tmp_path: Path) -> None:
    """The error names the folder and how to get a model."""
    with pytest.raises(DetectorError, match="there is no model in") as error:
        load_model(tmp_path / "none")
    assert "python -m training fit" in error.value.hint


def test_a_file_that_would_run_code_is_refused(tmp_path: Path) -> None:
    """Objects that only unpickling could make are not read, though the manifest names the file."""
    write_small_model(tmp_path)
    arrays = dict(np.load(tmp_path / "estimators.npz"))
    arrays["pair.values"] = np.array([Path("/")], dtype=object)
    np.savez(tmp_path / "estimators.npz", **arrays)
    vouch_for(tmp_path)

    with pytest.raises(DetectorError, match=r"is refused: ValueError.*allow_pickle"):
        load_model(tmp_path)


def test_trees_that_lead_nowhere_are_refused(tmp_path: Path) -> None:
    """Arrays that do not fit one another are refused when they are loaded, not when asked."""
    write_small_model(tmp_path)
    arrays = dict(np.load(tmp_path / "estimators.npz"))
    arrays["boosted.column"] += 1000
    np.savez(tmp_path / "estimators.npz", **arrays)
    vouch_for(tmp_path)

    with pytest.raises(DetectorError, match="is refused: ValueError: its trees ask for columns"):
        load_model(tmp_path)


MANIFESTS = {
    "truncated": b'{"id": "small-1", "feat',
    "no object": b"[1, 2]",
    "nested beyond reason": b"[" * 100_000,
    "of another program": b'{"name": "x", "version": 1}',
    "no text": b"\xff\xfe\x00",
}


@pytest.mark.parametrize("content", MANIFESTS.values(), ids=MANIFESTS)
def test_a_foreign_manifest_is_refused_with_a_reason(content: bytes, tmp_path: Path) -> None:
    """Truncated, foreign or senseless, it is one error with a next step and no traceback."""
    write_small_model(tmp_path)
    (tmp_path / "manifest.json").write_bytes(content)

    with pytest.raises(DetectorError, match="is refused: ") as error:
        load_model(tmp_path)
    assert error.value.hint


@pytest.mark.parametrize("name", classify.FILES)
@pytest.mark.parametrize("content", [b"", b"junk", b"PK\x03\x04junk"])
def test_a_foreign_file_is_refused_though_its_hash_is_right(
    name: str, content: bytes, tmp_path: Path
) -> None:
    """A file that the manifest vouches for, and that is no model's, is refused with the reason."""
    write_small_model(tmp_path)
    (tmp_path / name).write_bytes(content)
    vouch_for(tmp_path)

    with pytest.raises(DetectorError, match="is refused: "):
        load_model(tmp_path)


def test_a_manifest_names_no_file_outside_its_folder(tmp_path: Path) -> None:
    """Only the three files of a model are read, whatever else the manifest lists."""
    write_small_model(tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    manifest["files"]["../../etc/passwd"] = "0" * 64
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))

    assert load_model(tmp_path).id == "small-1"
