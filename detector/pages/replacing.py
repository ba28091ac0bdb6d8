"""A report's folder: whole or absent, and never in the place of what is no report."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from detector.errors import DetectorError
from detector.pages.rendering import is_page

# A report that is being made, and an earlier one that it replaces, by the process that did it.
_UNFINISHED = re.compile(r"\.report\.\d+(\.old)?")


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """Give a folder to write a report into, which then takes the place of an earlier one.

    There is a whole report or none, never a part of one. None is there for the moment between two
    renames; who is killed in it leaves both reports under other names, until the next is in place.

    Parameters
    ----------
    path : where the report goes, in the folder of the batch

    Raises
    ------
    DetectorError
        Where something else is there, another run is at work in the folder, or nothing can be
        written to it.
    """
    from detector.batch.folder import held  # noqa: PLC0415 - the page of one pair needs no engine

    _check_ours(path)
    made = path.with_name(f".report.{os.getpid()}")
    try:
        with held(path.parent):
            yield made
            _put_in_place(made, path)
            _sweep(path.parent)
    except OSError as error:
        raise DetectorError(
            f"cannot write to {path}: {error.strerror}",
            hint="make room or see to the rights, or copy the results to another folder",
        ) from error
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _check_ours(path: Path) -> None:
    """Refuse to replace anything but a report of ours or an empty folder."""
    if os.path.lexists(path) and not _is_ours(path):
        raise DetectorError(
            f"{path} is no report that unspun wrote, and would be lost",
            hint=f"move it elsewhere, such as: mv {path} {path}.kept",
        )


def _is_ours(path: Path) -> bool:
    """Tell whether a path may be replaced; what cannot be looked into may not."""
    if path.is_symlink() or not path.is_dir():
        return False
    try:
        return is_page(path / "index.html") or not any(path.iterdir())
    except OSError:
        return False


def _put_in_place(made: Path, path: Path) -> None:
    if path.exists():
        path.rename(made.with_name(f"{made.name}.old"))
    made.rename(path)


def _sweep(folder: Path) -> None:
    """Remove the report that was replaced, and what killed runs left."""
    for path in folder.iterdir():
        if _UNFINISHED.fullmatch(path.name):
            shutil.rmtree(path, ignore_errors=True)
