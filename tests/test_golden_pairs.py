"""Golden pairs: fictional cases, each a folder that says what it protects.

The shipped model is judged on them and was never tuned to them. What it gets wrong stands in the
case's ``known_failure.txt`` with the reason, and comes back as a failure once it is right.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from detector.classify import load_model
from detector.pipeline import judge_pairs
from detector.records import Article, Verdict
from detector.verdict import flagged

CASES = sorted((Path(__file__).parent / "golden" / "pairs").iterdir())


def expectation(case: Path) -> dict[str, object]:
    """Read what the case's why.md says as data."""
    found: dict[str, object] = json.loads((case / "expected.json").read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def verdicts() -> dict[str, Verdict]:
    """Judge all cases in one go."""
    pairs = (
        (
            case.name,
            Article("suspect", (case / "suspect.txt").read_text("utf-8")),
            Article("source", (case / "source.txt").read_text("utf-8")),
        )
        for case in CASES
    )
    return {verdict.id: verdict for verdict in judge_pairs(pairs, load_model())}


def faults(verdict: Verdict, expected: dict[str, object]) -> list[str]:
    """List in what the verdict differs from what is expected."""
    found = []
    if expected.get("relation") and verdict.relation != expected["relation"]:
        found.append(f"relation {verdict.relation} ({verdict.cannot_tell})")
    if flagged(verdict) != expected["flagged"]:
        found.append(f"flagged {flagged(verdict)}")
    if expected.get("family") and verdict.family != expected["family"]:
        found.append(f"family {verdict.family}")
    low, high = expected.get("coverage", (0, 1))
    if not low <= verdict.coverage <= high:
        found.append(f"coverage {verdict.coverage:.2f}")
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_golden_pair(case, verdicts, request):
    """The verdict is what the case's why.md says it must be."""
    expected = expectation(case)
    known = case / "known_failure.txt"
    if known.exists():
        request.applymarker(pytest.mark.xfail(reason=known.read_text("utf-8").strip()))

    assert faults(verdicts[case.name], expected) == []


def test_no_honest_golden_pair_is_flagged(verdicts):
    """Nobody who wrote honestly is accused."""
    honest = [case for case in CASES if not expectation(case)["flagged"]]

    assert [case.name for case in honest if flagged(verdicts[case.name])] == []
