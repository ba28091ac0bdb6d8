"""What the user named, to files: paths, folders, globs and standard input."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from glob import glob, has_magic
from pathlib import Path

from detector.errors import DetectorError
from detector.records import Rejected

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Input:
    """One file to read, or standard input."""

    name: str
    named: bool  # by the user, rather than found in a folder


def find_inputs(names: Sequence[str | Path]) -> Iterator[Input | Rejected]:
    """Find the files behind the names, in their order; a folder's files sorted.

    Names that begin with a dot are passed over inside folders.

    Yields
    ------
    Input or Rejected
        Rejected with "unreadable" for a folder inside a folder.

    Raises
    ------
    DetectorError
        At the call where a name stands for nothing.
    """
    if not names:
        raise DetectorError(
            "no input is named", hint="name a file, a folder, a glob, or - for standard input"
        )
    expanded = [found for name in names for found in _expanded(str(name))]
    for name in expanded:
        if name != STDIN and Path(name).is_dir() and next(_files(name), None) is None:
            raise DetectorError(
                f"the folder {name} holds no file", hint="name a folder with articles in it"
            )
    return _inputs(expanded)


def _expanded(name: str) -> list[str]:
    """Expand a glob; a file that really has such a name stands for itself."""
    if name == STDIN or os.path.lexists(name):
        return [name]
    if not has_magic(name):
        raise DetectorError(f"there is no {name}", hint="check the spelling and the folder")
    found = sorted(glob(name, recursive=True))  # noqa: PTH207 - a Path globs no absolute pattern
    if not found:
        raise DetectorError(
            f"nothing matches {name}", hint="try the pattern with ls; quote it for the shell"
        )
    return found


def _inputs(names: Sequence[str]) -> Iterator[Input | Rejected]:
    """Walk the folders among the names."""
    for name in names:
        if name != STDIN and Path(name).is_dir():
            yield from _files(name)
        else:
            yield Input(name, named=True)


def _is_special(path: Path) -> bool:
    """Tell a pipe, a socket or a device, whose reading may never end; it must be named."""
    return path.exists() and not path.is_file()


def _unread(path: Path) -> Rejected:
    return Rejected(str(path), "", "unreadable", "a pipe, a socket or a device")


def _files(folder: str) -> Iterator[Input | Rejected]:
    """Walk a folder, sorted; links to folders are not followed, for they may form a ring."""
    unreadable: list[OSError] = []
    for place, folders, files in os.walk(folder, onerror=unreadable.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(place) / name
            if not name.startswith("."):
                yield _unread(path) if _is_special(path) else Input(str(path), named=False)
    for error in unreadable:
        yield Rejected(str(error.filename), "", "unreadable", error.strerror or "")
