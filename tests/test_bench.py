"""The benchmarks run; what they measure is for their own command."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).parent / "bench"
RIVALS = ["datasketch", "difflib", "import sklearn", "import sklearn", "lexicalrichness"]
RIVALS += ["nupunkt + re", "pysbd", "rensa", "textstat"]


def test_the_table_has_every_row_and_a_ratio(tmp_path: Path) -> None:
    """Over three articles each row has both times and their ratio, and the file names versions."""
    path = tmp_path / "bench.json"
    call = [sys.executable, str(BENCH), "--count", "3", "--repeat", "1", "--out", str(path)]
    done = subprocess.run(call, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    told = json.loads(path.read_text())

    *compared, pairs = told["rows"]
    assert sorted(row["rival"] for row in compared) == RIVALS
    assert all(row["ratio"] > 0 and row["rival_seconds"] > 0 for row in compared)
    assert pairs["pairs_a_second"] > 0
    assert told["articles"] == 3
    assert "pysbd" in told["versions"]
