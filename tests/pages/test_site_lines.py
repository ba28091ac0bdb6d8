"""Promises of a site's verdict in a terminal and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from invented_crawl import confusion, crawl, write_batch

from detector.errors import DetectorError
from detector.pages import site_lines
from detector.pages.site_lines import (
    shipped_error_rates,
    site_object,
    site_text,
    site_verdict,
)

RATES = confusion()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the invented crawl."""
    written: Path = tmp_path_factory.mktemp("crawl")
    write_batch(written, crawl())
    return written


@pytest.mark.parametrize("name", ["quickveyra.example", "https://www.quickveyra.example/a"])
def test_a_site_is_found_by_name_and_by_address(folder: Path, name: str) -> None:
    """A domain and an address on the site lead to the same verdict."""
    assert site_verdict(name, folder, RATES).label == "content_farm"


def test_the_text_says_label_shares_and_sources(folder: Path) -> None:
    """Label, reason, shares with intervals, sources and caution stand in the text."""
    text = site_text(site_verdict("quickveyra.example", folder, RATES))

    assert text.startswith("quickveyra.example: content farm\n")
    assert "rewritten by machine  14    100 %" in text
    assert "veyrapost.example  14" in text
    assert text.endswith("A score is grounds to look, not proof.")
    assert max(map(len, text.splitlines())) <= 80


def test_a_small_site_has_no_shares(folder: Path) -> None:
    """Below ten articles the text says so and gives no share."""
    text = site_text(site_verdict("isle.example", folder, RATES))

    assert "too few to say anything" in text
    assert "%" not in text.replace("95 %", "")


def test_the_object_is_json(folder: Path) -> None:
    """What cannot be measured is null, and everything else is plain data."""
    data = site_object(site_verdict("isle.example", folder, RATES))

    assert json.loads(json.dumps(data, allow_nan=False))["site"] == "isle.example"
    assert data["label"] == "cannot_tell"
    assert data["shares"][0]["estimate"] is None


def test_an_unknown_site_is_said_so(folder: Path) -> None:
    """The message names sites that the folder does hold."""
    with pytest.raises(DetectorError, match=r"no verdict on nowhere\.example") as caught:
        site_verdict("nowhere.example", folder, RATES)

    assert "quickveyra.example" in caught.value.hint


def test_error_rates_come_with_the_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped evaluation gives the rates; without it the message says how to get it."""
    monkeypatch.setattr(site_lines, "models_folder", lambda: tmp_path)
    with pytest.raises(DetectorError, match="errors are not known"):
        shipped_error_rates()

    home = tmp_path / site_lines.MODEL_NAME
    home.mkdir()
    counts = [[9 if i == j else 0 for j in range(7)] for i in range(6)]
    (home / "evaluation.json").write_text(
        json.dumps({"leave_one_corpus_out": {"relation": {"counts": counts}}})
    )
    assert len(shipped_error_rates().told) == 6
