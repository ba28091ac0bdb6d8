"""Promises of `detector.licences`."""

from __future__ import annotations

from pathlib import Path

import pytest

from detector.errors import DetectorError
from detector.licences import licensed, read_licences


def written(folder: Path, text: str) -> Path:
    """Write a file of licences."""
    path = folder / "licences.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_licence_is_a_pair_of_sites(tmp_path: Path) -> None:
    """Domains count as their sites; comments, empty lines and spaces say nothing."""
    text = (
        "# agreed in May\n\nfrom,to\nwire.example, www.Isle.example \n\n"
        "https://wire.example/,b.example\n"
    )

    assert read_licences(written(tmp_path, text)) == {
        ("wire.example", "isle.example"),
        ("wire.example", "b.example"),
    }


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("", 1, "the head from,to is expected"),
        ("\nwire.example,isle.example\n", 2, "the head from,to is expected"),
        ("from,to\n\n# x\nwire.example\n", 4, "two sites are expected, 1 fields found"),
        ("from,to\na.example,b.example,c.example\n", 2, "3 fields found"),
        ("from,to\nwire.example,the Courier\n", 2, "the courier is no domain"),
        ("from,to\nwire.example,\n", 2, "an empty field is no domain"),
        (f"from,to\nwire.example,{'x' * 140_000}\n", 2, "1 fields found"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, text: str, line: int, what: str) -> None:
    """The message says which line, what is wrong with it and how one looks."""
    with pytest.raises(DetectorError, match=f"line {line}: .*{what}") as caught:
        read_licences(written(tmp_path, text))

    assert "reuters.com,harbourtimes.example" in caught.value.hint


@pytest.mark.parametrize("bad", ["missing.csv", "."])
def test_an_unreadable_file_is_refused(tmp_path: Path, bad: str) -> None:
    """A file that is not there, or is none, is an error that says which."""
    with pytest.raises(DetectorError, match="cannot read"):
        read_licences(tmp_path / bad)


@pytest.mark.parametrize("attributed", ["yes", "no", None])
def test_a_licence_beats_what_the_text_says(attributed: str | None) -> None:
    """A licensed reuse is licensed with or without a credit; no other row changes."""
    row = {
        "source_site": "wire.example",
        "suspect_site": "isle.example",
        "attributed": attributed,
    }

    told = licensed(row, frozenset({("wire.example", "isle.example")}))
    reverse = licensed(row, frozenset({("isle.example", "wire.example")}))

    assert told == {**row, "attributed": "licensed"}
    assert reverse == row
