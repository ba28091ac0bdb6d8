"""Promises of `detector.dossier`: what is needed for a complaint, and that it can be checked."""

from __future__ import annotations

import hashlib
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from invented_crawl import SPUN_TEXT, article, hostile_verdict, spun_verdict, verdict

from detector.dossier import check_targets, contents, write_dossier, write_pair_page
from detector.errors import DetectorError
from detector.report import verdict_object

MADE = datetime(2026, 4, 1, 9, 30, tzinfo=UTC)


def test_the_dossier_holds_everything(tmp_path: Path) -> None:
    """Texts, verdict, page, manifest and sums are in the archive, texts as judged."""
    told, path = spun_verdict(), tmp_path / "evidence.zip"
    write_dossier(told, path, made=MADE)

    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == [
            "SHA256SUMS",
            "manifest.json",
            "pair.html",
            "source.txt",
            "suspect.txt",
            "verdict.json",
        ]
        assert archive.read("suspect.txt").decode() == told.suspect.text
        assert json.loads(archive.read("verdict.json")) == verdict_object(told)


def test_the_manifest_says_where_the_texts_come_from() -> None:
    """Addresses, times and hashes of both texts stand in the manifest."""
    told = spun_verdict()
    manifest = json.loads(contents(told, made=MADE)["manifest.json"])

    assert manifest["made"] == "2026-04-01T09:30:00+00:00"
    assert manifest["suspect"]["url"] == "https://quickveyra.example/depot-spun"
    assert manifest["source"]["published"] == "2026-03-02T06:00:00+00:00"
    assert manifest["source"]["fetched"] == "2026-03-02T07:00:00+00:00"
    digest = hashlib.sha256(told.suspect.text.encode()).hexdigest()
    assert manifest["suspect"]["sha256"] == digest
    assert {f["name"] for f in manifest["files"]} == {
        "suspect.txt",
        "source.txt",
        "verdict.json",
        "pair.html",
    }


def test_every_file_can_be_checked() -> None:
    """SHA256SUMS holds the right sum of every other file, as sha256sum reads it."""
    files = contents(spun_verdict(), made=MADE)
    lines = files["SHA256SUMS"].decode().splitlines()
    sums = {name: digest for digest, name in (line.split("  ") for line in lines)}

    assert sums == {
        name: hashlib.sha256(data).hexdigest() for name, data in files.items() if name in sums
    }
    assert set(files) - set(sums) == {"SHA256SUMS"}


def test_the_same_verdict_gives_the_same_bytes(tmp_path: Path) -> None:
    """Two dossiers of one verdict, made at one time, are equal byte for byte."""
    for name in ("a.zip", "b.zip"):
        write_dossier(spun_verdict(), tmp_path / name, made=MADE)

    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_without_a_source_there_is_one_text() -> None:
    """A verdict without a source has a dossier with the suspect alone."""
    told = verdict(article("a", SPUN_TEXT, site="a.example"), None, None, 0.4)
    files = contents(told, made=MADE)

    assert "source.txt" not in files
    assert json.loads(files["manifest.json"])["source"] is None


def test_hostile_names_name_no_file() -> None:
    """No id or title of an article becomes a file's name."""
    assert set(contents(hostile_verdict(), made=MADE)) == set(contents(spun_verdict(), made=MADE))


def test_a_file_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    """A missing folder ends in a message that names the option."""
    with pytest.raises(DetectorError, match="cannot write") as caught:
        write_dossier(spun_verdict(), tmp_path / "none" / "evidence.zip")

    assert "--evidence" in caught.value.hint


@pytest.mark.parametrize("option", ["html", "evidence"])
def test_nothing_is_written_over_an_input(tmp_path: Path, option: str) -> None:
    """A file that is read is refused by whatever name, even where an earlier command wrote it."""
    write_dossier(spun_verdict(), tmp_path / "evidence")
    write_pair_page(spun_verdict(), tmp_path / "html")
    (tmp_path / "link").symlink_to(tmp_path / option)
    (tmp_path / "hard").hardlink_to(tmp_path / option)

    for name in (option, "link", "hard", f"../{tmp_path.name}/{option}"):
        with pytest.raises(DetectorError, match="would be written over"):
            check_targets(["-", str(tmp_path / option)], **{option: str(tmp_path / name)})


def test_a_page_and_a_dossier_need_a_file_each(tmp_path: Path) -> None:
    """One path for both is refused."""
    path = str(tmp_path / "both")

    with pytest.raises(DetectorError, match=r"--evidence .* would be written over"):
        check_targets([], html=path, evidence=path)


@pytest.mark.parametrize("option", ["html", "evidence"])
def test_only_what_the_option_wrote_is_replaced(tmp_path: Path, option: str) -> None:
    """An earlier page or dossier, an empty file and none are written over, and nothing else is."""
    write_dossier(spun_verdict(), tmp_path / "evidence")
    write_pair_page(spun_verdict(), tmp_path / "html")
    (tmp_path / "empty").touch()
    for name in (option, "empty", "none"):
        check_targets([], **{option: str(tmp_path / name)})

    (tmp_path / "thesis").write_text("Mine.")
    with zipfile.ZipFile(tmp_path / "album.zip", "w") as album:
        album.writestr("manifest.json", "{}")
    for name in ("thesis", "album.zip"):
        with pytest.raises(DetectorError, match="is nothing that") as caught:
            check_targets([], **{option: str(tmp_path / name)})
        assert f"--{option} another file" in caught.value.hint
