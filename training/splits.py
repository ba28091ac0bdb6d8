"""Who may be trained on when who is judged.

Rows are split by ``group``: the connected component of a pair's original over originals, events and
duplicates. A split that is built here never has one group on both sides, nor the corpus, tool or
family that it leaves out; `check` proves it for every split before it is used.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.table import Table

# One group in five is held out of the shipped model, for good: the in-corpus figures and the gate
# are of those groups, on the very file that is shipped.
HELD_OUT_OF = 5

# Corpora that share this part of the smaller one's groups are left out together. MixSet and the
# polished texts share every original; the two FakeNewsNet sets share a fifth, whose rows are
# dropped from the training side instead.
SHARED = 0.5


# Starts of tool names, and the line that each belongs to; a tool that none fits is its own line.
LINES = (
    ("chatgpt", "gpt-3.5"),
    ("gpt-3.5", "gpt-3.5"),
    ("gpt-4", "gpt-4"),
    ("llama-2", "llama-2"),
    ("llama-3", "llama-3"),
    ("claude", "claude"),
    ("deepseek", "deepseek"),
    ("retelling", "retelling"),
    ("google", "google"),
)


@dataclass(frozen=True)
class Split:
    """Rows to train on and rows to judge."""

    name: str
    train: NDArray[np.bool_]
    test: NDArray[np.bool_]


class LeakError(AssertionError):
    """Something stands on both sides of a split."""


def check(split: Split, table: Table, *apart: str) -> Split:
    """Give the split back if no group, and no value of the columns `apart`, is on both sides.

    Raises
    ------
    LeakError
        Naming the column and a value that is on both sides.
    """
    if np.any(split.train & split.test):
        raise LeakError(f"{split.name}: rows are on both sides")
    for column in ("group", *apart):
        shared = _values(table, column, split.train) & _values(table, column, split.test)
        shared.discard("")
        if shared:
            raise LeakError(f"{split.name}: {column} {min(shared)!r} is on both sides")
    return split


def _values(table: Table, column: str, rows: NDArray[np.bool_]) -> set[Any]:
    return set(table[column][rows].tolist())


def is_held_out(group: str) -> bool:
    """Tell whether a group is never trained on; depends on its name alone."""
    digest = hashlib.sha256(f"held out: {group}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % HELD_OUT_OF == 0


def held_out(table: Table) -> NDArray[np.bool_]:
    """Mark the rows of held-out groups."""
    verdicts = {group: is_held_out(group) for group in set(table["group"].tolist())}
    return np.array([verdicts[group] for group in table["group"]], dtype=bool)


def in_corpus(table: Table) -> Split:
    """Split off the held-out groups."""
    test = held_out(table)
    return check(Split("in corpus", ~test, test), table)


def units(table: Table) -> dict[str, str]:
    """Name for each corpus the unit that it is left out with.

    Returns
    -------
    Corpus -> unit; corpora that share most of their groups have one unit, named after all.
    """
    corpora = sorted(set(table["corpus"].tolist()))
    groups = {corpus: _values(table, "group", table["corpus"] == corpus) for corpus in corpora}
    home = {corpus: {corpus} for corpus in corpora}
    for left, right in combinations(corpora, 2):
        shared = len(groups[left] & groups[right])
        if shared >= SHARED * min(len(groups[left]), len(groups[right])):
            joined = home[left] | home[right]
            home.update(dict.fromkeys(joined, joined))
    return {corpus: "+".join(sorted(home[corpus])) for corpus in corpora}


def unit_of(table: Table) -> NDArray[Any]:
    """Give each row's unit."""
    names = units(table)
    return np.array([names[corpus] for corpus in table["corpus"]], dtype=object)


def leave_corpus_out(table: Table) -> Iterator[Split]:
    """Leave out each corpus, with those that share its originals, and all groups seen in it."""
    unit = unit_of(table)
    for name in sorted(set(unit.tolist())):
        test = unit == name
        yield check(Split(name, clear(table, ~test, test), test), table, "corpus")


def clear(table: Table, train: NDArray[np.bool_], test: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Drop the rows from the training side whose group is judged."""
    seen = _values(table, "group", test)
    unseen: NDArray[np.bool_] = np.array([group not in seen for group in table["group"]], bool)
    return train & unseen


def line_of(tool: str) -> str:
    """Name the line of tools that a tool belongs to: versions of one program teach each other.

    >>> line_of("gpt-4o"), line_of("gpt-4-turbo-preview"), line_of("apertium-es")
    ('gpt-4', 'gpt-4', 'apertium-es')
    """
    return next((line for start, line in LINES if tool.startswith(start)), tool)


def leave_tool_out(table: Table) -> Iterator[Split]:
    """Leave out each line of tools; judge its held-out pairs against all held-out honest ones.

    A chain of two translations is left out with either of its pivots, and judged with neither.
    """
    line = np.array([line_of(tool) for tool in table["tool"]], dtype=object)
    for name in sorted(set(line[table.machine].tolist())):
        yield from _leave_out(table, name, line == name, hidden=_has_part(table["tool"], name))


def _has_part(tools: NDArray[Any], name: str) -> NDArray[np.bool_]:
    """Mark tools that are chains through the one that is left out: apertium-es-eo has es and eo."""
    program, _, part = name.partition("-")
    chained = [tool.split("-") for tool in tools]
    return np.array([len(c) > 2 and c[0] == program and part in c[1:] for c in chained], bool)


def leave_family_out(table: Table) -> Iterator[Split]:
    """Leave out each family; judge its held-out pairs against all held-out honest ones."""
    for name in sorted(set(table["family"][table.machine].tolist())):
        chosen = table["family"] == name
        yield from _leave_out(table, name, chosen, hidden=chosen)


def _leave_out(
    table: Table, name: str, chosen: NDArray[np.bool_], *, hidden: NDArray[np.bool_]
) -> Iterator[Split]:
    """Leave chosen and hidden rewrites out of training, and judge the chosen ones."""
    test, chosen = held_out(table), chosen & table.machine
    train = ~test & ~chosen & ~(hidden & table.machine)
    if (test & chosen).any():
        yield check(Split(name, train, test & (chosen | ~table.machine)), table)


def folds(table: Table, count: int) -> NDArray[np.int64]:
    """Deal the corpora into folds, whole units only, people's own writing spread evenly.

    Corpora of people's writing are few. Where one fold held most of them, a model of the other
    folds would hardly know how people rewrite, and would speak of a worse model than the one that
    is shipped: docs/decisions/0067-seven-folds.md.

    Returns
    -------
    Shape (n,), the fold of each row, from 0 to at most ``count - 1``.
    """
    unit = unit_of(table).astype(str)
    names, inverse, sizes = np.unique(unit, return_inverse=True, return_counts=True)
    written = np.bincount(inverse, weights=table.peoples_own, minlength=len(names))
    share = np.column_stack([written / max(written.sum(), 1), sizes / len(table)])
    load = np.zeros((min(count, len(names)), 2))
    fold = np.zeros(len(names), dtype=np.int64)
    for i in np.lexsort((names, -sizes, -share.max(axis=1))):
        fold[i] = np.argmin(((load + share[i]) ** 2 - load**2).sum(axis=1))
        load[fold[i]] += share[i]
    return fold[inverse]


def class_balance(
    table: Table,
    *,
    groups: Sequence[str] = ("corpus",),
    power: float = 1.0,
    lighter: Mapping[str, float] = MappingProxyType({}),
) -> NDArray[np.float64]:
    """Weigh rows so that each corpus counts alike within a class, and each class alike.

    Parameters
    ----------
    groups : columns whose combinations count alike within a class
    power : 1 levels them fully, 0 leaves each row its own weight
    lighter : what part of its weight within the class a row of a tool keeps

    Returns
    -------
    Shape (n,), mean 1.
    """
    values = zip(*(table[column] for column in groups), strict=True)
    keys = np.array(["|".join(map(str, key)) for key in values])
    weights = np.ones(len(table))
    for number in np.unique(table.classes):
        rows = np.flatnonzero(table.classes == number)
        _, inverse, counts = np.unique(keys[rows], return_inverse=True, return_counts=True)
        weights[rows] = (1.0 / counts[inverse]) ** power
        weights[rows] *= [lighter.get(tool, 1.0) for tool in table["tool"][rows]]
        weights[rows] /= weights[rows].sum()
    balanced: NDArray[np.float64] = weights / weights.mean()
    return balanced
