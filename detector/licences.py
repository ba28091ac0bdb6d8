"""Who may republish whom: what no text says and the caller knows."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from detector.errors import DetectorError
from detector.hosts import site_of

# Pairs of sites: whose articles, and who may print them.
Licences: TypeAlias = frozenset[tuple[str, str]]

NONE: Licences = frozenset()
HEAD = ("from", "to")
# Two addresses, however written. The reader refuses fields of over 131,072 characters.
_LONGEST_LINE = 10_000


def read_licences(path: Path) -> Licences:
    """Read a CSV file of sites: ``from`` whose articles, ``to`` who may republish them.

    Parameters
    ----------
    path : its first line is ``from,to``; empty lines and those that begin with # are skipped

    Raises
    ------
    DetectorError
        Where the file cannot be read or a line is not two sites; names the line.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DetectorError(
            f"cannot read {path}: {getattr(error, 'strerror', None) or error}",
            hint="give --licences a CSV file in UTF-8 with the head from,to",
        ) from error
    rows = _rows(lines)
    head = next(rows, (1, ()))
    if head[1] != HEAD:
        raise _refused(path, head[0], "the head from,to is expected")
    return frozenset(_licence(path, number, fields) for number, fields in rows)


def _rows(lines: list[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Give the fields of each line that says something, with its number."""
    for number, line in enumerate(lines, start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield number, tuple(field.strip().lower() for field in _fields(line))


def _fields(line: str) -> list[str]:
    """Take a line apart; one that is too long for two sites is one field."""
    return [line] if len(line) > _LONGEST_LINE else next(csv.reader([line]))


def _licence(path: Path, number: int, fields: tuple[str, ...]) -> tuple[str, str]:
    if len(fields) != len(HEAD):
        raise _refused(path, number, f"two sites are expected, {len(fields)} fields found")
    for field in fields:
        if "." not in site_of(field):
            raise _refused(path, number, f"{field or 'an empty field'} is no domain")
    return site_of(fields[0]), site_of(fields[1])


def _refused(path: Path, number: int, what: str) -> DetectorError:
    return DetectorError(
        f"{path}, line {number}: {what}",
        hint="write one licence a line, such as: reuters.com,harbourtimes.example",
    )


def licensed(row: Mapping[str, Any], licences: Licences) -> Mapping[str, Any]:
    """Say of a row of ``verdicts.parquet`` whether its reuse is licensed; a licence beats a credit.

    Parameters
    ----------
    row : as stored
    licences : pairs of sites, from `read_licences`
    """
    if (row["source_site"], row["suspect_site"]) not in licences:
        return row
    return {**row, "attributed": "licensed"}
