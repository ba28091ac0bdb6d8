"""The evidence for one pair as one archive, ready to attach to a takedown request."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import detector
from detector.classify import Model
from detector.errors import DetectorError
from detector.pages import pair_page
from detector.pages.drivers import Drivers, occlusion
from detector.pages.rendering import is_page
from detector.pages.wording import CAUTION
from detector.records import Article, Verdict
from detector.report import verdict_object

# The earliest time that a zip archive can hold: the same verdict gives the same bytes.
_EPOCH = (1980, 1, 1, 0, 0, 0)

EXPLAINED: Mapping[str, str] = {
    "suspect.txt": "the text under suspicion, as judged: without boilerplate, UTF-8",
    "source.txt": "the earlier text, likewise",
    "verdict.json": "the verdict as `unspun score --json` prints it",
    "pair.html": "both texts side by side; open it in any browser, no network needed",
}


def keep(
    verdict: Verdict, model: Model, *, html: str | None = None, evidence: str | None = None
) -> None:
    """Write a verdict's page and its dossier, where files for them are given.

    Raises
    ------
    DetectorError
        Where a file cannot be written.
    """
    drivers = occlusion(model)
    if html:
        write_pair_page(verdict, Path(html), drivers=drivers)
    if evidence:
        write_dossier(verdict, Path(evidence), drivers=drivers)


def check_targets(
    inputs: Iterable[str], *, html: str | None = None, evidence: str | None = None
) -> None:
    """Refuse to write a page or a dossier over an input, or over anything that is neither.

    Parameters
    ----------
    inputs : paths that are read

    Raises
    ------
    DetectorError
        Where something would be lost.
    """
    taken = list(inputs)
    for option, name, is_ours in (
        ("--html", html, is_page),
        ("--evidence", evidence, _is_dossier),
    ):
        if not name:
            continue
        path = Path(name)
        over = next((other for other in taken if _is_same(path, Path(other))), None)
        if over is not None:
            what = f"{option} {name} would be written over {over}, which this command uses, too"
            raise DetectorError(what, hint=f"give {option} a file of its own")
        if _holds_something(path) and not is_ours(path):
            what = f"{name} is there, and is nothing that {option} wrote"
            raise DetectorError(what, hint=f"give {option} another file, or move this one away")
        taken.append(name)


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:  # one of them is not there yet
        return one.absolute() == other.absolute()


def _holds_something(path: Path) -> bool:
    """Tell whether there is something to lose; a device, such as /dev/stdout, has nothing."""
    try:
        return path.is_file() and path.stat().st_size > 0
    except OSError:  # it cannot be written to, either, and writing tells why
        return False


def _is_dossier(path: Path) -> bool:
    """Tell whether a file is a zip archive with the files of a dossier."""
    try:
        with zipfile.ZipFile(path) as archive:
            return {"SHA256SUMS", *EXPLAINED} - {"source.txt"} <= set(archive.namelist())
    except (OSError, zipfile.BadZipFile):
        return False


def write_dossier(
    verdict: Verdict, path: Path, *, made: datetime | None = None, drivers: Drivers | None = None
) -> None:
    """Write both texts, the verdict, the page and a manifest with their hashes as a zip archive.

    Parameters
    ----------
    verdict : with the texts of its articles
    made : when the dossier was made, UTC; now by default
    drivers : what explains the score, for the page

    Raises
    ------
    DetectorError
        Where the file cannot be written.
    """
    files = contents(verdict, made=made or datetime.now(UTC), drivers=drivers)
    try:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in files.items():
                archive.writestr(zipfile.ZipInfo(name, _EPOCH), data, zipfile.ZIP_DEFLATED)
    except OSError as error:
        raise DetectorError(
            f"cannot write {path}: {error.strerror}",
            hint="give --evidence a file in a folder that exists and can be written to",
        ) from error


def write_pair_page(verdict: Verdict, path: Path, *, drivers: Drivers | None = None) -> None:
    """Write the page that shows both texts side by side.

    Raises
    ------
    DetectorError
        Where the file cannot be written.
    """
    try:
        path.write_text(pair_page(verdict, drivers=drivers), "utf-8", errors="replace")
    except OSError as error:
        raise DetectorError(
            f"cannot write {path}: {error.strerror}",
            hint="give --html a file in a folder that exists and can be written to",
        ) from error


def contents(
    verdict: Verdict, *, made: datetime, drivers: Drivers | None = None
) -> dict[str, bytes]:
    """Give the files of a dossier by name; ``SHA256SUMS`` can be checked by ``sha256sum -c``."""
    files = {
        "suspect.txt": _bytes(verdict.suspect.text),
        **({"source.txt": _bytes(verdict.source.text)} if verdict.source else {}),
        "verdict.json": _json(verdict_object(verdict)),
        "pair.html": _bytes(pair_page(verdict, drivers=drivers)),
    }
    files["manifest.json"] = _json(_manifest(verdict, files, made))
    sums = (f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files.items())
    return {**files, "SHA256SUMS": "".join(sums).encode()}


def _manifest(verdict: Verdict, files: Mapping[str, bytes], made: datetime) -> dict[str, object]:
    return {
        "made": made.astimezone(UTC).isoformat(timespec="seconds"),
        "by": f"unspun {detector.__version__}",
        "model": verdict.model,
        "caution": CAUTION,
        "verdict": verdict.id,
        "suspect": _provenance(verdict.suspect),
        "source": verdict.source and _provenance(verdict.source),
        "first": verdict.first,
        "files": [
            {
                "name": name,
                "holds": EXPLAINED[name],
                "bytes": len(data),
                "sha256": hashlib.sha256(data).hexdigest(),
            }
            for name, data in files.items()
        ],
    }


def _provenance(article: Article) -> dict[str, str | None]:
    return {
        "id": article.id,
        "title": article.title,
        "url": article.url or None,
        "site": article.site or None,
        "published": _time(article.published),
        "fetched": _time(article.fetched),
        "sha256": hashlib.sha256(_bytes(article.text)).hexdigest(),
    }


def _time(time: datetime | None) -> str | None:
    return time.astimezone(UTC).isoformat() if time else None


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", errors="replace")


def _json(data: object) -> bytes:
    return (json.dumps(data, indent=2) + "\n").encode()
