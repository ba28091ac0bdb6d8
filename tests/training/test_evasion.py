from __future__ import annotations

import json
import random
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from detector.clean import clean
from detector.errors import DetectorError
from detector.ingest import from_record
from detector.records import Article
from training.evasion import Outcome, main, sample, table
from training.rewriters.roundtrip import installed_pairs
from training.splits import is_held_out
from training.tricks import TRICKS, Material, spelt

TEXT = (
    'The swing bridge of Sorrel closes on Monday. "We have 26 boats," said Maren Oske.\n\n'
    "The ferry takes its place, and 12 technicians move to the garage in Holm. "
    "Their boats stay. It was built in 1911. The town paid for it. Tolls were dear.\n\n"
    "Nobody on the island expects the old bridge to open again before the summer."
)
OTHER = "Pears are ripe in the orchards.\n\nPlums are not picked this year, growers say."
# Dots below a letter make letters of other languages, which are not folded.
NOT_UNDONE = {"combining marks"}


def disguised(name: str) -> str:
    """Play a trick on the text."""
    return TRICKS[name].change(TEXT, Material(TEXT, OTHER, random.Random(1)))


def cleaned(text: str) -> str:
    """Read and clean a text as every run does."""
    read = from_record({"text": text}, input="x", position="")
    assert isinstance(read, Article)
    return clean(read).text


@pytest.mark.parametrize("name", TRICKS)
def test_a_trick_changes_the_text_and_always_alike(name: str) -> None:
    """Each trick does something, and the same with the same seed."""
    assert disguised(name) != TEXT
    assert disguised(name) == disguised(name)


@pytest.mark.parametrize(
    "name", [n for n, t in TRICKS.items() if t.kind == "character" and n not in NOT_UNDONE]
)
def test_a_character_trick_is_undone(name: str) -> None:
    """What a reader sees alike is the same text after reading and cleaning."""
    assert cleaned(disguised(name)) == cleaned(TEXT)


@pytest.mark.parametrize(("number", "words"), [(0, "zero"), (80, "eighty"), (999_999, None)])
def test_numbers_are_spelt(number: int, words: str | None) -> None:
    """Numbers below a million have words without digits."""
    assert spelt(number) == (words or spelt(number))
    assert not any(map(str.isdigit, spelt(number)))


@pytest.mark.parametrize(
    ("kind", "drift", "flips", "accused", "reached"),
    [
        ("character", 0.04, 2, 0, True),
        ("character", 0.05, 0, 0, False),
        ("character", 0.0, 3, 0, False),
        ("textual", 0.5, 10, 0, True),
        ("textual", 0.0, 11, 0, False),
        ("textual", 0.0, 0, 1, False),
    ],
)
def test_the_reach_is_that_of_the_kind(
    kind: str, drift: float, flips: int, accused: int, *, reached: bool
) -> None:
    """Drift counts for character tricks, flips by kind, and one honest pair accused is a miss."""
    outcome = Outcome("x", kind, drift, flips, 100, accused, 50)

    assert outcome.reached is reached
    assert ("**no**" in table([outcome])) is not reached


GOLDEN = sorted((Path(__file__).parents[1] / "golden" / "pairs").iterdir())
HELD_OUT = next(name for name in map(str, range(99)) if is_held_out(name))
FITTED = next(name for name in map(str, range(99)) if not is_held_out(name))


def write_pairs(path: Path) -> None:
    """Write the golden pairs twice: in a group that was fitted on, and in one that was not."""
    rows = [
        {
            "pair_id": f"{group}-{case.name}",
            "relation": "automated_rewrite" if number % 2 else "copy",
            "group": group,
            "crossed": False,
            **{side: (case / f"{side}.txt").read_text("utf-8") for side in ("suspect", "source")},
        }
        for number, case in enumerate(GOLDEN)
        for group in (HELD_OUT, FITTED)
    ]
    pq.write_table(pa.Table.from_pylist(rows), path)


def test_only_held_out_groups_are_drawn(tmp_path: Path) -> None:
    """No pair that the model was fitted on is judged; both sorts are of the size asked for."""
    write_pairs(tmp_path / "pairs.parquet")
    machine, honest = sample(tmp_path / "pairs.parquet", 3)

    assert (len(machine), len(honest)) == (3, 3)
    assert {row["group"] for row in (*machine, *honest)} == {HELD_OUT}
    assert {row["relation"] for row in machine} == {"automated_rewrite"}


def test_a_missing_table_says_how_to_make_it(tmp_path: Path) -> None:
    """The error names the step that writes the pairs."""
    with pytest.raises(DetectorError) as error:
        sample(tmp_path / "none.parquet", 3)
    assert "training pairs" in error.value.hint


def test_the_command_tells_what_each_trick_achieved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Soft hyphens move nothing; a trick that rewrites is not played on honest pairs."""
    if not installed_pairs():
        pytest.skip("Apertium is not installed")
    write_pairs(tmp_path / "pairs.parquet")
    tricks = ("soft hyphens", "random words swapped", "rewritten by a second machine")
    asked = [part for trick in tricks for part in ("--trick", trick)]
    pairs, out = tmp_path / "pairs.parquet", tmp_path / "out.json"
    call = ["x", "--pairs", str(pairs), "--size", "4", "--out", str(out), *asked]
    monkeypatch.setattr(sys, "argv", call)
    main()
    soft, swapped, twice = json.loads(out.read_text())

    assert (soft["drift"], soft["flips"], soft["accused"], soft["honest"]) == (0, 0, 0, 4)
    assert swapped["honest"] == twice["honest"] == 0
    assert twice["kind"] == "textual"
    assert (soft["told"], soft["suspects"]) == (8, 8)
    printed = capsys.readouterr().out
    assert "| soft hyphens | character | 0.000 |" in printed
    assert "of 0 of 4 rewrites and of 0 of 4 honest suspects" in printed
