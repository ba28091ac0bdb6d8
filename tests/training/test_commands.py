"""``python -m training``: every step is one call, and `all` is the steps in their order."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import training.card
import training.corpora
import training.evaluate
import training.fit
import training.gate
import training.lexicon
import training.pairs
import training.table
from detector.classify import MODEL_NAME
from training import __main__ as command

STEPS = {
    "pairs": (training.pairs, "build"),
    "table": (training.table, "build"),
    "fit": (training.fit, "fit"),
    "evaluate": (training.evaluate, "evaluate"),
    "card": (training.card, "card"),
    "lexicon": (training.lexicon, "build"),
    "corpora": (training.corpora, "check_all"),
    "gate": (training.gate, "gate"),
    "update": (training.gate, "update"),
}


class Shipped:
    """What fitting gives back, as far as it is shown."""

    id = "unspun-test"


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """Record each step's call, having checked that the step can be called so."""
    made: list[tuple[str, dict[str, Any]]] = []
    results = {"table": {"kept": 7}, "fit": Shipped(), "gate": {"auc": 0.5}, "update": {"auc": 0.5}}

    def recorded(name: str, signature: inspect.Signature) -> Any:
        def call(*args: Any, **options: Any) -> Any:
            made.append((name, dict(signature.bind(*args, **options).arguments)))
            return results.get(name)

        return call

    for name, (module, function) in STEPS.items():
        signature = inspect.signature(getattr(module, function))
        monkeypatch.setattr(module, function, recorded(name, signature))
    return made


def run(*arguments: str) -> str:
    """Run the command and return what it prints."""
    result = CliRunner().invoke(command.main, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


@pytest.mark.parametrize(
    "step", ["corpora", "lexicon", "pairs", "table", "fit", "evaluate", "card"]
)
def test_each_step_is_one_call(calls: list[tuple[str, dict[str, Any]]], step: str) -> None:
    """A step calls its own function, once, with arguments that it takes."""
    run(step)

    assert [name for name, _ in calls] == [step]


def test_all_steps_in_order(calls: list[tuple[str, dict[str, Any]]], tmp_path: Path) -> None:
    """`all` goes from pairs to card, hands the seed and the mirror on, and writes one model."""
    run("all", "--seed", "5", "--mirror", "archives", "--out", str(tmp_path))

    assert [name for name, _ in calls] == ["pairs", "table", "fit", "evaluate", "card"]
    assert calls[0][1]["seed"] == 5
    assert calls[0][1]["mirror"] == Path("archives")
    assert all(made["folder"] == tmp_path for name, made in calls if "folder" in made)


def test_model_folder_by_default(calls: list[tuple[str, dict[str, Any]]]) -> None:
    """Without a folder, the shipped model's own is written."""
    shown = run("fit")

    assert calls[0][1]["folder"] == command.MODELS / MODEL_NAME
    assert "unspun-test" in shown


def test_gate_builds_missing_pairs(calls: list[tuple[str, dict[str, Any]]], tmp_path: Path) -> None:
    """The gate builds the pairs where there are none, as in a fresh clone, and only there."""
    there = tmp_path / "there"
    there.touch()
    run("gate", "--pairs", str(tmp_path / "missing"))
    shown = run("gate", "--pairs", str(there))

    assert [name for name, _ in calls] == ["pairs", "gate", "gate"]
    assert "auc" in shown


def test_gate_update(calls: list[tuple[str, dict[str, Any]]], tmp_path: Path) -> None:
    """A lowered floor needs its reason, which is handed on."""
    there = tmp_path / "there"
    there.touch()
    run("gate", "--pairs", str(there), "--update", "--allow-regression", "--because", "smaller")

    assert calls[0][0] == "update"
    assert calls[0][1]["allow_regression"] is True
    assert calls[0][1]["because"] == "smaller"
