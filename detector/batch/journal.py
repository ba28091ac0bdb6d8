"""Which shards of a run are done: one small file a shard, and what it counted."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from detector.store import Written, hash_of, write_json


@dataclass(frozen=True, slots=True)
class Mark:
    """A shard that is done."""

    shard: str  # stage and number: "judge-000012"
    files: tuple[Written, ...]  # in the run's work folder
    counts: Mapping[str, int] = field(default_factory=dict)
    peak_bytes: int = 0  # of the process that did it, so far


class Journal:
    """The marks of a run.

    Parameters
    ----------
    folder : the run's work folder, where the files of the shards are too
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        """Say where a file of a shard belongs."""
        return self.folder / name

    def done(self, shard: str) -> Mark | None:
        """Give the mark of a shard whose files are all there, as they were written."""
        try:
            data = json.loads(self._mark(shard).read_bytes())
            mark = Mark(**data | {"files": tuple(Written(**file) for file in data["files"])})
        except (FileNotFoundError, ValueError, TypeError, KeyError):  # absent, or damaged
            return None
        whole = all(self._whole(file) for file in mark.files)
        return mark if whole else None

    def all(self) -> list[Mark]:
        """Give all marks that find and judge, in the order of the shards."""
        shards = (path.name.removesuffix(".done.json") for path in self.folder.glob("*.done.json"))
        marks = (self.done(shard) for shard in sorted(shards) if not shard.startswith("prepare"))
        return [mark for mark in marks if mark is not None]

    def add(self, mark: Mark) -> Mark:
        """Mark a shard as done; its files are in place."""
        write_json(self._mark(mark.shard), asdict(mark))
        return mark

    def _mark(self, shard: str) -> Path:
        return self.folder / f"{shard}.done.json"

    def _whole(self, file: Written) -> bool:
        path = self.path(file.name)
        return path.is_file() and hash_of(path) == file.sha256


def total(marks: Iterable[Mark]) -> Counter[str]:
    """Add up what the shards counted."""
    counts: Counter[str] = Counter()
    for mark in marks:
        counts.update(mark.counts)
    return counts
