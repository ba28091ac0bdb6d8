"""Which pairs must never be parted by a split: connected components over whatever they share."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

T = TypeVar("T", bound=Hashable)


class Groups(Generic[T]):
    """Disjoint sets that grow together (union-find)."""

    def __init__(self) -> None:
        self._parents: dict[T, T] = {}

    def find(self, item: T) -> T:
        """Give the representative of an item's set."""
        root = item
        while (parent := self._parents.setdefault(root, root)) != root:
            root = parent
        while self._parents[item] != root:
            self._parents[item], item = root, self._parents[item]
        return root

    def join(self, items: Iterable[T]) -> None:
        """Make one set of the sets of all these items."""
        first, *rest = items
        root = self.find(first)
        for item in rest:
            self._parents[self.find(item)] = root

    def members(self) -> dict[T, list[T]]:
        """List the sets by representative."""
        sets: dict[T, list[T]] = {}
        for item in list(self._parents):
            sets.setdefault(self.find(item), []).append(item)
        return sets


def named(groups: Groups[str]) -> dict[str, str]:
    """Name each item's set by its smallest member, whatever order it grew in."""
    names = {}
    for members in groups.members().values():
        name = hashlib.sha256(min(members).encode()).hexdigest()[:12]
        names.update(dict.fromkeys(members, name))
    return names
