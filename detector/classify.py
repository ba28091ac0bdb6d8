"""Stage 9: the shipped model's opinion of a row of features.

A model is a folder: ``estimators.npz``, ``wording.npz`` (words, for suspects that are judged
alone), ``shift.npz`` (the words that a language model brings along), ``direction.npz`` (those that
any machine does) and ``familiarity.npz`` (what training pairs look like), plain arrays all, and
``manifest.json`` (what they were fitted on, the calibration maps, the thresholds, and the SHA-256
of those files, each checked before it is read).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from detector.calibrate import Calibration
from detector.errors import DetectorError
from detector.estimators import Boosted, Estimator, Forest, Wording
from detector.model_folder import arrays_of, checked, manifest_of, refusing
from detector.records import FAMILIES, RELATIONS, Opinion
from detector.shift import DECIMALS, BothWordings, Direction, Shift

Floats: TypeAlias = NDArray[np.float64]
Matrix: TypeAlias = NDArray[np.float32]
Wordings: TypeAlias = Sequence[NDArray[np.uint32]]

MODEL_NAME = "unspun-en-8"
CLASSES: Final = (*RELATIONS[:-1], *FAMILIES)  # what the estimators tell apart, in their order
# Nobody is surer than this when log odds are averaged.
_SURE = 1e-6
HONEST = len(RELATIONS) - 1  # number of classes that accuse nobody; they come first

# Beside the manifest, which holds their hashes.
FILES: Final = (
    "estimators.npz",
    "wording.npz",
    "shift.npz",
    "direction.npz",
    "familiarity.npz",
)

# The kind of each of its parts; nothing that a file says changes it.
PARTS: Final[Mapping[str, type[Estimator]]] = {
    "pair": Forest,
    "boosted": Boosted,
    "alone": Boosted,
}


@dataclass(frozen=True)
class Thresholds:
    """Where a probability becomes a statement."""

    flag: float  # score from which a pair is called an automated rewrite
    part: float  # the same for the rewritten part of a suspect, judged by itself
    unfamiliar: float  # unfamiliarity above which nothing is told
    alone: float  # score of the suspect alone that flags 1 % of honest articles


@dataclass(frozen=True)
class Familiarity:
    """How far a row of features lies from the training pairs.

    The distance is the mean distance to the nearest landmarks (training pairs), on features
    scaled by their middle half; it is then ranked among distances of pairs whose corpus the
    landmarks did not hold.
    """

    columns: NDArray[np.int64]  # which features, shape (d,)
    center: Floats  # median of each, shape (d,)
    scale: Floats  # inter-quartile range of each, shape (d,)
    landmarks: Matrix  # scaled training pairs, shape (m, d)
    distances: Floats  # ascending distances that 0 to 1 are read from

    NEAREST: ClassVar = 5
    # A feature beyond three inter-quartile ranges is "far"; how far would be noise.
    FAR: ClassVar = 3.0

    def scaled(self, matrix: Matrix) -> Matrix:
        """Bring the features to one scale; what could not be measured lies in the middle."""
        spread = (matrix[:, self.columns] - self.center) / self.scale
        held: Matrix = np.nan_to_num(np.clip(spread, -self.FAR, self.FAR)).astype(np.float32)
        return held

    def distance(self, matrix: Matrix) -> Floats:
        """Mean distance to the nearest landmarks, shape (n,)."""
        points = self.scaled(matrix)
        squares = (points**2).sum(1)[:, None] + (self.landmarks**2).sum(1)[None, :]
        gaps = np.sqrt(np.maximum(squares - 2 * points @ self.landmarks.T, 0))
        near = min(self.NEAREST, gaps.shape[1])
        mean: Floats = np.partition(gaps, near - 1, axis=1)[:, :near].mean(1).astype(np.float64)
        return mean

    def __call__(self, matrix: Matrix) -> Floats:
        """Share of out-of-corpus training pairs that lie nearer, shape (n,)."""
        rank = np.searchsorted(self.distances, self.distance(matrix), side="left")
        share: Floats = rank / max(len(self.distances), 1)
        return share


@dataclass(frozen=True)
class Ensemble:
    """Estimators over chosen columns; their opinions are averaged."""

    columns: NDArray[np.int64]
    members: tuple[Any, ...]  # they speak scikit-learn's protocol, over class numbers

    def probabilities(self, matrix: Matrix, classes: int) -> Floats:
        """Mean probability of each class, shape (n, classes)."""
        part = np.ascontiguousarray(matrix[:, self.columns])
        total = np.zeros((len(part), classes))
        for member in self.members:
            # A class that training did not hold has no column of its own.
            total[:, member.classes_] += member.predict_proba(part)
        return total / len(self.members)


@dataclass(frozen=True)
class Model:
    """A loaded model; scoring never changes it."""

    id: str
    thresholds: Thresholds
    calibration: Calibration
    calibration_alone: Calibration
    pair: Ensemble  # trees, over CLASSES
    boosted: Ensemble  # over honest, rewritten by machine; from the same columns
    shift: Shift
    alone: Ensemble  # over honest, rewritten by machine
    wording: Wording  # the same, of the suspect alone as well
    familiarity: Familiarity
    direction: Shift
    manifest: Mapping[str, Any]

    def raw(self, matrix: Matrix, wordings: Sequence[BothWordings]) -> Floats:
        """Uncalibrated probabilities of CLASSES, shape (n, 8)."""
        shares = self.pair.probabilities(matrix, len(CLASSES))
        boosted = self.boosted.probabilities(matrix, 2)[:, 1]
        return blend(shares, boosted, self.shift(matrix, wordings))

    def opinions(self, matrix: Matrix, wordings: Sequence[BothWordings]) -> list[Opinion]:
        """Say what the model makes of each pair.

        Parameters
        ----------
        matrix : shape (n, len(FEATURES)), nan where a feature cannot be measured
        wordings : `detector.features.wording.both_wordings` of the same n pairs
        """
        if not len(matrix):
            return []
        raw = self.raw(matrix, wordings)
        scores = self.calibration(raw[:, HONEST:].sum(axis=1))
        relations = np.column_stack([_shares(raw[:, :HONEST]) * (1 - scores)[:, None], scores])
        return [
            Opinion(tuple(r), float(s), tuple(f), float(u))
            for r, s, f, u in zip(
                relations.tolist(),
                scores,
                _shares(raw[:, HONEST:]).tolist(),
                self.familiarity(matrix),
                strict=True,
            )
        ]

    def opinions_alone(self, matrix: Matrix, wordings: Wordings) -> list[float]:
        """Give the probability of machine rewriting from each suspect's style alone.

        Parameters
        ----------
        matrix : shape (n, len(ARTICLE_FEATURES))
        wordings : what `detector.features.wording` lists of the same n suspects
        """
        if not len(matrix):
            return []
        raw = blend_alone(self.alone, self.wording, matrix, wordings)
        return [float(p) for p in self.calibration_alone(raw)]

    @cached_property
    def trained_on(self) -> str:
        """The feature set id that the model was fitted on."""
        return str(self.manifest["feature_set"])


def blend(shares: Floats, boosted: Floats, shift: Floats) -> Floats:
    """Average two opinions on machine or not, the boosted trees' doubly, and add the shift.

    The trees part the rest: docs/decisions/0091-shift.md.

    Parameters
    ----------
    shares : of CLASSES, from the trees, shape (n, 8)
    boosted : probability of a machine's rewrite, shape (n,)
    shift : log odds, shape (n,)

    Returns
    -------
    Probabilities of CLASSES, shape (n, 8).
    """
    mean = (shares[:, HONEST:].sum(axis=1) + 2 * boosted) / 3
    machine = _probability(_log_odds(mean) + shift)[:, None]
    honest, families = _shares(shares[:, :HONEST]), _shares(shares[:, HONEST:])
    return np.hstack([honest * (1 - machine), families * machine])


def blend_alone(style: Ensemble, wording: Wording, matrix: Matrix, wordings: Wordings) -> Floats:
    """Average two opinions of a suspect alone, in log odds: docs/decisions/0069-style-alone.md.

    Returns
    -------
    Probability of a machine's text, shape (n,).
    """
    both = np.array([style.probabilities(matrix, 2)[:, 1], wording.predict_proba(wordings)[:, 1]])
    return _probability(_log_odds(both).mean(axis=0))


def _log_odds(probabilities: Floats) -> Floats:
    held = probabilities.clip(_SURE, 1 - _SURE)
    odds: Floats = np.log(held / (1 - held))
    return odds


def _probability(odds: Floats) -> Floats:
    rounded: Floats = np.round(1 / (1 + np.exp(-odds)), DECIMALS)
    return rounded


def _shares(parts: Floats) -> Floats:
    """Scale rows to sum 1; a row of zeros is shared out evenly."""
    total = parts.sum(axis=1, keepdims=True)
    shares: Floats = np.where(total > 0, parts / np.where(total > 0, total, 1), 1 / parts.shape[1])
    return shares


# ---------------------------------------------------------------- loading


def load_model(folder: Path | None = None) -> Model:
    """Load a model after checking that it is intact and fits the features computed here.

    Parameters
    ----------
    folder : a model's folder; the shipped model by default

    Raises
    ------
    DetectorError
        Where a file is missing, altered or no model's, or the model was fitted on another
        feature set.
    """
    if folder is None:
        from detector.lexicon import models_folder  # noqa: PLC0415 - reads no list by itself

        folder = models_folder() / MODEL_NAME
    manifest = manifest_of(folder)
    with refusing(folder):
        _check_features(manifest)
        files = {name: checked(folder / name, manifest["files"][name]) for name in FILES}
        return _assemble(manifest, *(arrays_of(files[name]) for name in FILES))


def trusted(folder: Path, *, trust: bool) -> Path:
    """Give a model's folder back where it holds the shipped model, or its owner is trusted.

    Nothing that a model holds can run, but its figures decide who is accused.

    Raises
    ------
    DetectorError
        Where it is another model and not trusted, or there is none.
    """
    from detector.lexicon import models_folder  # noqa: PLC0415 - reads no list by itself

    manifest_of(folder)
    shipped, own = (f / "manifest.json" for f in (models_folder() / MODEL_NAME, folder))
    if not trust and own.read_bytes() != shipped.read_bytes():
        raise DetectorError(
            f"the model in {folder} is not the one that unspun comes with",
            hint="its figures decide who is accused; if you trust who made it, add --trust-model",
        )
    return folder


def _check_features(manifest: Mapping[str, Any]) -> None:
    from detector.features import set_id  # noqa: PLC0415 - the features load the word lists
    from detector.features.wording import VERSION  # noqa: PLC0415

    computed = set_id()
    if manifest["feature_set"] != computed:
        raise DetectorError(
            f"model {manifest['id']} was fitted on feature set {manifest['feature_set']}, "
            f"this package computes {computed}",
            hint=f"install unspun {manifest['versions']['unspun']}, "
            "or refit with `python -m training fit`",
        )
    if manifest["wording"] != VERSION:
        raise DetectorError(
            f"model {manifest['id']} was fitted on version {manifest['wording']} of the wording, "
            f"this package has {VERSION}",
            hint="refit with `python -m training fit`",
        )


def _assemble(
    manifest: Mapping[str, Any],
    estimators: Mapping[str, NDArray[Any]],
    wording: Mapping[str, NDArray[Any]],
    shift: Mapping[str, NDArray[Any]],
    direction: Mapping[str, NDArray[Any]],
    familiarity: Mapping[str, NDArray[Any]],
) -> Model:
    from detector.features.wording import BUCKETS  # noqa: PLC0415 - the features load the word lists

    return Model(
        id=manifest["id"],
        thresholds=Thresholds(**manifest["thresholds"]),
        calibration=Calibration(*map(tuple, manifest["calibration"]["pair"])),
        calibration_alone=Calibration(*map(tuple, manifest["calibration"]["alone"])),
        wording=Wording.from_arrays(wording, BUCKETS, 2),
        familiarity=Familiarity(**familiarity),
        shift=_shift(manifest["shift"], shift, BUCKETS),
        direction=_shift(manifest["direction"], direction, BUCKETS),
        manifest=manifest,
        **{name: _ensemble(name, manifest["columns"], estimators) for name in PARTS},
    )


def _shift(
    style: Mapping[str, Sequence[float]], words: Mapping[str, NDArray[Any]], buckets: int
) -> Shift:
    return Shift(
        Direction(**{name: np.array(values) for name, values in style.items()}),
        Wording.from_arrays(words, buckets, 2),
    )


def _ensemble(
    part: str, columns: Mapping[str, Sequence[int]], arrays: Mapping[str, NDArray[Any]]
) -> Ensemble:
    """Put a part of the model together; its arrays are named after it."""
    own = {name[len(part) + 1 :]: a for name, a in arrays.items() if name.startswith(f"{part}.")}
    seen = np.array(columns["alone" if part == "alone" else "pair"])
    classes = len(CLASSES) if part == "pair" else 2
    return Ensemble(seen, (PARTS[part].from_arrays(own, len(seen), classes),))
