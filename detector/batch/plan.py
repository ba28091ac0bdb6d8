"""What a run is made of, and whether a folder holds this run, another one, or none."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from joblib import cpu_count

import detector
from detector import candidates
from detector.batch.folder import (
    REPORT,
    SUMMARY,
    TABLES,
    WORK,
    Note,
    check_free,
    discard,
    note_down,
    noted,
)
from detector.batch.journal import Journal
from detector.candidates import Reach
from detector.errors import DetectorError
from detector.ingest import limits
from detector.ingest.inputs import STDIN, Input, find_inputs
from detector.lexicon import lexicon
from detector.licences import NONE, Licences
from detector.records import Rejected
from detector.store import check_local, hash_of


@dataclass(frozen=True)
class Rules:
    """What the caller lays down about sources."""

    # How far back they are looked for; however far by default.
    reach: Reach = field(default_factory=Reach)
    licences: Licences = NONE  # who may republish whom
    archive: str | Path | None = None  # where the articles of earlier runs are

    @property
    def file(self) -> Path | None:
        """Give the place of the local engine's archive."""
        return Path(self.archive) if self.archive else None


@dataclass(frozen=True)
class Machine:
    """What a run may take of the machine."""

    jobs: int | None = None  # worker processes; one a core by default
    memory: int | None = None  # bytes that SQL may use before it spills; a third of all by default
    wait: bool = False  # for another run that holds the archive, instead of giving up

    @property
    def workers(self) -> int:
        """Give the number of worker processes."""
        return self.jobs or cpu_count()


@dataclass(frozen=True)
class Plan:
    """The inputs of a run, and everything else that its results depend on."""

    entries: tuple[Input | Rejected, ...]
    model: Path  # folder of the model
    rules: Rules
    id: str  # equal where the results are: same bytes, same limits, same word lists, same program

    @property
    def repeatable(self) -> bool:
        """Tell whether the same inputs can be read again; standard input cannot."""
        return not any(isinstance(e, Input) and e.name == STDIN for e in self.entries)


def plan(inputs: Sequence[str | Path], model: Path, rules: Rules, out: Path) -> Plan:
    """Find the inputs, and identify the run by their sizes and times.

    What a run writes is no input of it where it lies in an input's folder.

    Raises
    ------
    DetectorError
        Where an input stands for nothing, or the archive is at an address, or all that was found
        is what a run wrote.
    """
    if rules.file is not None:
        check_local(rules.file)
    found, own = find_inputs(inputs), _own_places(inputs, rules, out)
    named = {str(name) for name in inputs}
    entries = tuple(e for e in found if _name(e) in named or not _lies_in(_name(e), own))
    if not entries:
        raise DetectorError(
            f"the inputs hold nothing but what a run wrote into {out}",
            hint="name a file or a folder with articles in it",
        )
    parts = {
        "inputs": [_fingerprint(entry) for entry in entries],
        "model": hash_of(model / "manifest.json"),
        "licences": sorted(rules.licences),
        "lexicon": lexicon().id,
        "version": detector.__version__,
        "limits": {name: value for name, value in vars(limits).items() if name.isupper()},
        "archive": str(rules.file.resolve()) if rules.file else None,
        "candidates": [
            candidates.TELLING,
            candidates.FIRSTS,
            candidates.CANDIDATE_SOURCES,
            rules.reach.earliest,
        ],
    }
    run = hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]
    return Plan(entries, model, rules, run)


def _own_places(inputs: Sequence[str | Path], rules: Rules, out: Path) -> set[Path]:
    """List what the run writes: the archive and what is beside it, and in ``out`` all there is.

    Of a folder that holds inputs and results it is the results alone.
    """
    out = _real(out)
    shared = any(_real(name).is_relative_to(out) for name in inputs)
    places = {out / name for name in (WORK, SUMMARY, REPORT, *TABLES)} if shared else {out}
    if rules.file is not None:
        file = rules.file.resolve()
        places |= {file.with_name(file.name + end) for end in ("", ".adding", ".lock", ".wal")}
    return places


def _real(name: str | Path) -> Path:
    return Path(os.path.realpath(name))  # where links form a ring, `resolve` raises


def _lies_in(name: str, places: set[Path]) -> bool:
    path = _real(name)
    return not places.isdisjoint((path, *path.parents))


def _name(entry: Input | Rejected) -> str:
    return entry.name if isinstance(entry, Input) else entry.input


def _fingerprint(entry: Input | Rejected) -> list[object]:
    if isinstance(entry, Rejected):
        return [entry.input, entry.reason]
    if entry.name == STDIN:
        return [STDIN, os.urandom(8).hex()]
    try:
        facts = Path(entry.name).stat()
    except OSError as error:
        return [entry.name, error.errno]
    return [str(Path(entry.name).resolve()), facts.st_size, facts.st_mtime_ns]


def finished(plan: Plan, out: Path) -> dict[str, Any] | None:
    """Give the summary of this very run, if it was finished here.

    Raises
    ------
    DetectorError
        Where the folder holds the results of another run, or a summary that no run wrote.
    """
    path = out / SUMMARY
    if not path.exists():
        return None
    summary = _summary(path)
    if summary.get("run") != plan.id:
        raise DetectorError(
            f"{out} holds the results of another run"
            " (other inputs, licences, limits, model or version)",
            hint="give --out a new folder, or remove this one first",
        )
    return summary


def _summary(path: Path) -> dict[str, Any]:
    try:
        summary = json.loads(path.read_bytes())
        if not isinstance(summary, dict) or "read" not in summary:
            raise ValueError("no object with counts")
    except (OSError, ValueError) as error:
        raise DetectorError(
            f"{path} cannot be read, or is no summary of a run: {error}",
            hint="give --out another folder, or move this elsewhere first",
        ) from error
    return summary


def check_spared(plan: Plan, out: Path) -> None:
    """Refuse to write over an input, or over what no run wrote.

    Raises
    ------
    DetectorError
        Where a run of the plan would.
    """
    written = {_real(out) / name for name in (*TABLES, SUMMARY)}
    for entry in plan.entries:
        if isinstance(entry, Input) and _real(entry.name) in written:
            raise DetectorError(
                f"the run would write over its input {entry.name}",
                hint="give --out another folder",
            )
    check_free(out)


def begun(plan: Plan, out: Path, link: str, took_in: Callable[[str], bool]) -> tuple[Journal, bool]:
    """Open the work folder: this run's, where one was interrupted, else a new one.

    Where the archive was changed by others meanwhile, what was found in it is looked for again;
    what was read and cleaned is kept.

    Parameters
    ----------
    link : the archive's last change
    took_in : tells whether the archive took the run in right after a change

    Returns
    -------
    The journal, and whether the run was added to the archive before it was interrupted.

    Raises
    ------
    DetectorError
        Where another run was begun in it.
    """
    work, note, added = out / WORK, noted(out), False
    if note is not None and note.id != plan.id:
        if note.repeatable:
            raise DetectorError(
                f"{out} holds an unfinished run of other inputs, or of another model or version",
                hint=f"repeat that run, give --out a new folder, or remove {work}",
            )
        discard(out)
    elif note is not None:
        added = took_in(note.archive)
        if added:
            link = note.archive
        elif note.archive != link:
            _drop(work, but="prepare-")
    note_down(out, Note(plan.id, plan.repeatable, link))
    for left in work.glob(".*"):  # what a killed process was writing
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    return Journal(work), added


def _drop(work: Path, *, but: str) -> None:
    """Take the marks off all shards but those of one stage."""
    for mark in work.glob("*.done.json"):
        if not mark.name.startswith(but):
            mark.unlink()
