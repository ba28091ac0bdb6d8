"""The folder that a run writes to: what in it is a run's own, and what is left alone."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from detector.errors import DetectorError
from detector.store import check_local, sweep, write_json

WORK = "work"
SUMMARY = "summary.json"
REPORT = "report"  # where `unspun report` puts its pages
ADDED = ("articles.parquet", "rejected.parquet")  # what an addition to an archive writes
TABLES = (*ADDED, "verdicts.parquet")
# What a run calls its work folder while it makes and while it removes it, followed by its process:
# a folder called `WORK` has its note or is nobody's of ours, at whatever moment a run is killed.
_PASSING = f".{WORK}."


@dataclass(frozen=True, slots=True)
class Note:
    """What a run writes down of itself in its work folder."""

    id: str  # of its plan
    repeatable: bool
    archive: str = ""  # the archive's last change when the run began


def noted(out: Path) -> Note | None:
    """Give the note of the run that was begun in the folder; None where the work is no run's."""
    try:
        return Note(**json.loads(_note(out).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def note_down(out: Path, note: Note) -> None:
    """Write the note of a run down; the work folder is made where there is none."""
    work = out / WORK
    if not work.exists():
        new = out / f"{_PASSING}{os.getpid()}"
        new.mkdir()
        write_json(new / _note(out).name, asdict(note))
        new.rename(work)
    else:
        write_json(_note(out), asdict(note))


def discard(out: Path) -> None:
    """Remove the work folder, if it is a run's."""
    if noted(out) is not None:
        old = out / f"{_PASSING}{os.getpid()}"
        (out / WORK).rename(old)
        shutil.rmtree(old)


def check_free(out: Path) -> None:
    """Refuse a folder where a run would write over what no run wrote.

    Raises
    ------
    DetectorError
        Where a work folder is no run's, or there are tables and no run was begun.
    """
    if noted(out) is not None:
        return
    for name in (WORK, *TABLES):
        if os.path.lexists(out / name):
            raise DetectorError(
                f"{out / name} is in the way, and of no run that could go on",
                hint=f"move it elsewhere first: mv {name} {name}.kept, or name another folder",
            )


def _note(out: Path) -> Path:
    return out / WORK / "plan.json"


@contextmanager
def held(out: Path) -> Iterator[None]:
    """Keep other runs out of the folder, which is made where it is absent, and tidy it up.

    Raises
    ------
    DetectorError
        Where the folder cannot be made or is an address, or another run is at work in it.
    """
    check_local(out)
    try:
        out.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(out, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        what = f"cannot write to {out}: {error.strerror}"
        raise DetectorError(what, hint="give --out another folder") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        what = f"another run is at work in {out}"
        raise DetectorError(what, hint="wait for it, or give --out another folder") from error
    try:
        _sweep(out)
        yield
    finally:
        os.close(descriptor)


def _sweep(out: Path) -> None:
    """Remove what killed runs were writing or removing."""
    for name in (*TABLES, SUMMARY):
        sweep(out / name)
    for left in out.iterdir():
        if left.name.startswith(_PASSING) and left.name.removeprefix(_PASSING).isdecimal():
            shutil.rmtree(left)
