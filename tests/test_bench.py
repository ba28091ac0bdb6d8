"""The benchmarks run; what they measure is for their own command."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

BENCH = Path(__file__).parent / "bench"
RIVALS = ["datasketch", "difflib", "import sklearn", "import sklearn", "lexicalrichness"]
RIVALS += ["nupunkt + re", "pysbd", "rensa", "textstat"]
STAGES = ["clean", "segment", "sketch", "align", "article features", "pair features"]
SMALL = ("--count", "3", "--repeat", "1", "--longest", "700")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Run all in small over the fictional crawl."""
    path = tmp_path_factory.mktemp("bench") / "bench.json"
    call = [sys.executable, str(BENCH), *SMALL, "--out", str(path)]
    done = subprocess.run(call, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def test_the_table_has_every_row_and_a_ratio(told: dict[str, Any]) -> None:
    """Over three articles each row has both times and their ratio, and the file names versions."""
    compared = [row for row in told["rows"] if "rival" in row]

    assert sorted(row["rival"] for row in compared) == RIVALS
    assert all(row["ratio"] > 0 and row["rival_seconds"] > 0 for row in compared)
    (pairs,) = (row for row in told["rows"] if row["what"] == "features and score of a pair")
    assert pairs["pairs_a_second"] > 0
    assert told["articles"] == 3
    assert "pysbd" in told["versions"]


def test_growth_has_each_stage_at_each_length_asked_for(told: dict[str, Any]) -> None:
    """Up to 700 words there is one length, of about as many words, and every stage took time."""
    (row,) = told["growth"]

    assert 690 <= row["words"] <= 730
    assert row["sentences"] > 20
    assert list(row["cpu_seconds"]) == STAGES
    assert min(row["cpu_seconds"].values()) > 0
