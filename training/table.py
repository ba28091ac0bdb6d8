"""From pairs of texts to the feature table, by the very functions that serve.

Work is cut into chunks; a chunk's rows are written to a temporary name and renamed, so that a
killed worker or run costs one chunk, and a rerun does the rest.
"""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from joblib import Parallel, delayed
from joblib.externals.loky.process_executor import TerminatedWorkerError
from numpy.typing import NDArray

from detector.classify import CLASSES
from detector.errors import DetectorError
from detector.records import Article
from detector.shift import BothWordings

if TYPE_CHECKING:
    from detector.pipeline import Prepared

# 200 pairs take some ten seconds: little is lost with a worker, and starting one is paid off.
CHUNK_PAIRS = 200
ATTEMPTS = 3

TEXTS = ("suspect", "source")
# Ends of the tool names of pairs whose suspect is a machine's, though not made from this source.
MACHINE_STYLE = ("_spun", "_retold")
PEOPLES_WORK = ("human_rewrite", "independent")
# Before the tool of a row that is of the rewritten part of a suspect only.
PART = "part of "
# Wordings: of the suspect judged alone, of the two sides as they are compared, of the part.
WORDINGS = ("wording", "source_wording", "part_wording")
MEASURED = (
    "coverage",
    "measured_degree",
    "suspect_words",
    "source_words",
    "numbers_told",
    "numbers_known",
)


@dataclass(frozen=True)
class Table:
    """Feature rows with what is known about each pair."""

    features: NDArray[np.float32]  # shape (n, len(names)); nan where not measured
    names: tuple[str, ...]
    parts: NDArray[np.float32]  # as features, of the suspect's rewritten part; nan where none
    alone: NDArray[np.float32]  # shape (n, len(alone_names)), of the suspect
    alone_names: tuple[str, ...]
    columns: Mapping[str, NDArray[Any]]  # one array of n a column of the pairs
    feature_set: str

    def __len__(self) -> int:
        return len(self.features)

    def take(self, rows: NDArray[Any]) -> Table:
        """Keep the chosen rows (a mask or indices)."""
        columns = {name: values[rows] for name, values in self.columns.items()}
        kept = {name: getattr(self, name)[rows] for name in ("features", "parts", "alone")}
        return replace(self, columns=columns, **kept)

    def __getitem__(self, column: str) -> NDArray[Any]:
        """Give a column by name."""
        return self.columns[column]

    def measured(self, feature: str) -> list[float]:
        """Give a pair feature's values by its name."""
        values: list[float] = self.features[:, self.names.index(feature)].tolist()
        return values

    @cached_property
    def wordings(self) -> list[NDArray[np.uint32]]:
        """Buckets of each suspect's words and couples."""
        return list(self["wording"])

    @cached_property
    def both_wordings(self) -> list[BothWordings]:
        """The same of each suspect and of its source."""
        return list(zip(self["wording"], self["source_wording"], strict=True))

    @cached_property
    def part_wordings(self) -> list[BothWordings]:
        """The same of each suspect's rewritten part, empty where there is none, and its source."""
        return list(zip(self["part_wording"], self["source_wording"], strict=True))

    @cached_property
    def machine(self) -> NDArray[np.bool_]:
        """Which pairs are automated rewrites."""
        mask: NDArray[np.bool_] = self["relation"] == "automated_rewrite"
        return mask

    @cached_property
    def has_part(self) -> NDArray[np.bool_]:
        """Which suspects have a rewritten part that can be judged by itself."""
        return np.asarray(np.isfinite(self.parts).any(axis=1))

    def with_parts(self) -> Table:
        """Add each rewritten part as a row, by a tool of its own: it is judged by itself, too."""
        parts = self.take(self.has_part)
        marked = {
            "tool": np.array([PART + tool for tool in parts["tool"]], dtype=object),
            "pair_id": np.array([PART + name for name in parts["pair_id"]], dtype=object),
        }
        columns = {**parts.columns, **marked}
        return replace(
            self,
            features=np.vstack([self.features, parts.parts]),
            parts=np.vstack([self.parts, np.full_like(parts.parts, np.nan)]),
            alone=np.vstack([self.alone, parts.alone]),
            columns={name: np.concatenate([self[name], columns[name]]) for name in self.columns},
        )

    @cached_property
    def peoples_own(self) -> NDArray[np.bool_]:
        """Which pairs are people's writing or rewriting that a corpus itself holds."""
        own = ~self["crossed"].astype(bool)
        mask: NDArray[np.bool_] = own & np.isin(self["relation"].astype(str), PEOPLES_WORK)
        return mask

    @cached_property
    def lightly_polished(self) -> NDArray[np.bool_]:
        """Which honest suspects a language model went over, told to change a tenth at most."""
        polished = [strength.startswith("polish") for strength in self["strength"]]
        mask: NDArray[np.bool_] = np.array(polished, dtype=bool) & ~self.machine
        return mask

    @cached_property
    def rewritten(self) -> NDArray[np.bool_]:
        """Which suspects are a machine's text, whatever they have to do with their source."""
        made = np.array([tool.endswith(MACHINE_STYLE) for tool in self["tool"]], dtype=bool)
        mask: NDArray[np.bool_] = self.machine | made
        return mask

    @cached_property
    def classes(self) -> NDArray[np.int64]:
        """The number in CLASSES of each pair."""
        names = np.where(self.machine, self["family"], self["relation"])
        return np.array([CLASSES.index(name) for name in names], dtype=np.int64)


# ---------------------------------------------------------------- building


def build(pairs_path: Path, out_path: Path, *, jobs: int = 2) -> dict[str, int]:
    """Measure every pair and write the table.

    Parameters
    ----------
    pairs_path : Parquet of `training.pairs`
    out_path : Parquet to write; its folder holds the finished chunks until all are done
    jobs : worker processes

    Returns
    -------
    How many pairs were kept, and how many were left out by reason.
    """
    from detector.features import set_id  # noqa: PLC0415 - loads the word lists
    from detector.features.wording import VERSION  # noqa: PLC0415

    measured_by = f"{set_id()} {VERSION}".encode()
    digest = hashlib.sha256(pairs_path.read_bytes() + measured_by).hexdigest()[:12]
    parts = out_path.with_name(f"{out_path.stem}.{digest}.parts")
    parts.mkdir(parents=True, exist_ok=True)
    chunks = _chunks(pairs_path)
    _measure_all(pairs_path, parts, chunks, jobs)
    table = pa.concat_tables(pq.read_table(parts / f"{i:05}.parquet") for i in range(len(chunks)))
    counts = _write(table, out_path)
    rmtree(parts)
    return counts


def _chunks(pairs_path: Path) -> list[NDArray[np.int64]]:
    """Row numbers, pairs of one original together: they share texts, whose profiles are kept."""
    keys = pq.read_table(pairs_path, columns=["group", "pair_id"]).to_pydict()
    order = np.array(sorted(range(len(keys["group"])), key=lambda i: (keys["group"][i], i)))
    return np.array_split(order, max(1, -(-len(order) // CHUNK_PAIRS)))


def _measure_all(
    pairs_path: Path, parts: Path, chunks: Sequence[NDArray[np.int64]], jobs: int
) -> None:
    """Measure the chunks that are not done, again where a worker was killed."""
    for _ in range(ATTEMPTS):
        missing = [i for i in range(len(chunks)) if not (parts / f"{i:05}.parquet").is_file()]
        work = (delayed(_measure_chunk)(pairs_path, parts, i, chunks[i]) for i in missing)
        try:
            done = Parallel(n_jobs=jobs, return_as="generator_unordered")(work)
            _report(done, len(chunks) - len(missing), len(chunks))
            return
        except TerminatedWorkerError:
            continue
    raise DetectorError(
        f"a worker measuring the pairs was killed {ATTEMPTS} times",
        hint="give it more memory, or fewer workers with --jobs 1; finished chunks are kept",
    )


def _report(done: Iterable[int], finished: int, total: int) -> None:
    for _ in done:
        finished += 1
        if sys.stderr.isatty() or finished % 10 == 0 or finished == total:
            print(f"table: {finished} of {total} chunks", file=sys.stderr)


def _measure_chunk(pairs_path: Path, parts: Path, number: int, rows: NDArray[np.int64]) -> int:
    """Measure one chunk of pairs and write it."""
    pairs = pq.read_table(pairs_path, memory_map=True).take(pa.array(rows))
    table = measured(pairs)
    path = parts / f"{number:05}.parquet"
    pq.write_table(table, path.with_suffix(".tmp"))
    path.with_suffix(".tmp").rename(path)
    return number


class _Prepared(dict[str, "Prepared"]):
    """Each text cleaned, segmented and profiled, once."""

    def __missing__(self, text: str) -> Prepared:
        from detector.pipeline import prepare  # noqa: PLC0415

        self[text] = prepare(Article(id="", text=text))
        return self[text]


def measured(pairs: pa.Table) -> pa.Table:
    """Replace the texts of the pairs by what was measured of them.

    Returns
    -------
    The other columns, ``unfit`` ("" or the reason), those of MEASURED, and one column
    a feature, prefixed ``pair:``, ``part:`` for the suspect's rewritten part against the source, or
    ``alone:`` for the suspect's own (judging with no source); and the wordings of WORDINGS.
    """
    from detector.features import ARTICLE_FEATURES, FEATURES, set_id  # noqa: PLC0415

    prepared = _Prepared()
    texts = zip(*(pairs[side].to_pylist() for side in TEXTS), strict=True)
    rows = [_row(prepared[suspect], prepared[source]) for suspect, source in texts]
    names = [f"{of}:{f.name}" for of in ("pair", "part") for f in FEATURES]
    names += [f"alone:{f.name}" for f in ARTICLE_FEATURES]
    values = np.vstack([row.values for row in rows]).astype(np.float32)
    table = pairs.drop_columns(list(TEXTS))
    table = table.append_column("unfit", pa.array([row.unfit for row in rows]))
    for name, of in zip(WORDINGS, zip(*(row.wordings for row in rows), strict=True), strict=True):
        table = table.append_column(name, pa.array(of, pa.list_(pa.uint32())))
    facts = np.array([row.facts for row in rows], dtype=np.float64)
    for name, column in (*zip(MEASURED, facts.T, strict=True), *zip(names, values.T, strict=True)):
        table = table.append_column(name, pa.array(np.ascontiguousarray(column)))
    return table.replace_schema_metadata({"feature_set": set_id()})


@dataclass(frozen=True)
class _Row:
    unfit: str
    facts: tuple[float, ...]  # as in MEASURED
    values: NDArray[np.float32]  # pair features, those of its part, then the suspect's own
    wordings: tuple[NDArray[np.uint32], ...]  # buckets, as in WORDINGS


def _row(suspect: Prepared, source: Prepared) -> _Row:
    from detector.features import ARTICLE_FEATURES, FEATURES, measure, measure_alone  # noqa: PLC0415
    from detector.features.comparison import Comparison  # noqa: PLC0415
    from detector.features.wording import both_wordings, wording  # noqa: PLC0415
    from detector.passages import rewritten_part  # noqa: PLC0415
    from detector.pipeline import Question, put_side_by_side  # noqa: PLC0415

    nothing, none = np.full(len(FEATURES), np.nan, dtype=np.float32), np.empty(0, np.uint32)
    compared = put_side_by_side(Question("", suspect, source))
    if not isinstance(compared, Comparison):
        alone = np.full(len(ARTICLE_FEATURES), np.nan, dtype=np.float32)
        values = np.concatenate([nothing, nothing, alone])
        return _Row(compared.reason, (np.nan,) * len(MEASURED), values, (none, none, none))
    alignment = compared.alignment
    sizes = len(alignment.pair.suspect.words), len(alignment.pair.source.words)
    part = rewritten_part(compared)
    of_part = measure(part.comparison) if part else nothing
    values = np.concatenate([measure(compared), of_part, measure_alone(compared.suspect)])
    facts = (alignment.coverage, alignment.degree, *sizes, *alignment.numbers)
    of_part_words = wording(part.comparison.suspect) if part else none
    return _Row("", facts, values, (*both_wordings(compared), of_part_words))


def _write(table: pa.Table, out_path: Path) -> dict[str, int]:
    """Write the pairs that could be measured, in their stable order; count the others."""
    reasons = table["unfit"].to_pylist()
    counts = Counter(reason or "kept" for reason in reasons)
    temporary = out_path.with_suffix(".tmp")
    pq.write_table(_fit_pairs(table).sort_by("pair_id"), temporary, compression="zstd")
    temporary.rename(out_path)
    return dict(sorted(counts.items()))


def _fit_pairs(table: pa.Table) -> pa.Table:
    measured_rows = pa.array([not reason for reason in table["unfit"].to_pylist()], pa.bool_())
    return table.filter(measured_rows).drop_columns(["unfit"])


# ---------------------------------------------------------------- reading


def read_table(path: Path) -> Table:
    """Read a table that `build` wrote.

    Raises
    ------
    DetectorError
        Where there is none.
    """
    if not path.is_file():
        raise DetectorError(
            f"there is no feature table at {path}", hint="build it: python -m training table"
        )
    return from_arrow(pq.read_table(path))


def measured_table(pairs: pa.Table, *, jobs: int = 2) -> Table:
    """Measure pairs that fit into memory; pairs that cannot be measured are left out."""
    cuts = np.array_split(np.arange(len(pairs)), max(1, -(-len(pairs) // CHUNK_PAIRS)))
    work = (delayed(measured)(pairs.take(pa.array(rows))) for rows in cuts)
    table = pa.concat_tables(Parallel(n_jobs=jobs)(work))
    return from_arrow(_fit_pairs(table))


def from_arrow(table: pa.Table) -> Table:
    """Take a measured Arrow table apart.

    Raises
    ------
    DetectorError
        Where it was measured before both sides had their wording.
    """
    if not set(WORDINGS) <= set(table.column_names):
        raise DetectorError(
            "the feature table has no wordings", hint="measure again: python -m training table"
        )
    pair = [name for name in table.column_names if name.startswith("pair:")]
    part = [name for name in table.column_names if name.startswith("part:")]
    alone = [name for name in table.column_names if name.startswith("alone:")]
    known = [name for name in table.column_names if ":" not in name]
    return Table(
        features=_matrix(table, pair),
        names=tuple(name.removeprefix("pair:") for name in pair),
        parts=_matrix(table, part),
        alone=_matrix(table, alone),
        alone_names=tuple(name.removeprefix("alone:") for name in alone),
        columns={name: _column(table[name]) for name in known},
        feature_set=table.schema.metadata[b"feature_set"].decode(),
    )


def _matrix(table: pa.Table, names: Sequence[str]) -> NDArray[np.float32]:
    if not names:
        return np.empty((table.num_rows, 0), dtype=np.float32)
    return np.column_stack([table[name].to_numpy() for name in names]).astype(np.float32)


def _column(values: Any) -> NDArray[Any]:
    """Text as Python strings, "" for null; lists as arrays; numbers, truth values as they are."""
    if pa.types.is_list(values.type):
        lists = np.empty(len(values), dtype=object)
        lists[:] = [np.asarray(row.values) for row in values]
        return lists
    if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
        return np.array([value or "" for value in values.to_pylist()], dtype=object)
    found: NDArray[Any] = values.to_numpy()
    return found
