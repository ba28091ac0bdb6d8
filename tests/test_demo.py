"""The demo's verdicts against the answers that its writer wrote down."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from detector import batch
from detector.demo import crawl

EXPECTED = json.loads((Path(__file__).parent / "golden" / "demo_expected.json").read_text("utf-8"))
MADE = [article for article in EXPECTED["articles"] if article["relation"]]
# Rewriting by hand is scarce in training, and the model says that it cannot tell.
OPEN = {"human_rewrite"}
# Spun so heavily (degree .46) that spinner and language model are equally likely, .47 each.
FAMILY_MISTAKEN = "committee-approves-tide-based-obstruction"


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, object]]:
    """Judge the bundled crawl once; rows by the suspect's URL."""
    out = tmp_path_factory.mktemp("crawl") / "out"
    batch.run([crawl()], out, machine=batch.Machine(jobs=1))
    rows = pq.read_table(out / "verdicts.parquet").to_pylist()
    return {row["suspect_url"]: row for row in rows}


@pytest.mark.parametrize(
    "article", [a for a in MADE if a["relation"] not in OPEN], ids=lambda a: a["url"][-40:]
)
def test_what_was_made_from_another_is_told_with_its_source(article, verdicts):
    """Relation, source and family are what the article's writer did."""
    row = verdicts[article["url"]]

    assert row["relation"] == article["relation"]
    assert row["source_url"] in article["sources"]
    if FAMILY_MISTAKEN in article["url"]:
        pytest.xfail("the family is told as language_model; relation and source are right")
    assert row["family"] == article.get("family", row["family"])


def test_nobody_honest_is_accused(verdicts):
    """Only what a machine rewrote is flagged, in the whole crawl."""
    machine = {a["url"] for a in EXPECTED["articles"] if a["flagged"]}

    flagged = {url for url, row in verdicts.items() if row["relation"] == "automated_rewrite"}
    assert flagged == machine


def test_what_came_first_has_no_source(verdicts):
    """An article that was made from no other is not given one."""
    firsts = [a["url"] for a in EXPECTED["articles"] if not a["relation"]]

    assert {verdicts[url]["cannot_tell"] for url in firsts} == {"no_source"}
