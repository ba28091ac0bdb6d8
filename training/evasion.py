"""Whether disguise pays: ``python -m training.evasion``.

Every trick of `training.tricks` is played on the suspects of true rewrites and of honest pairs, all
from groups that the shipped model was never fitted on; read, cleaned and judged as in any run. Told
is how far scores drift, how many rewrites are flagged no more, how many honest pairs are flagged
that were not, and of how many suspects the evidence says that they are disguised.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import pyarrow.parquet as pq

from detector.classify import Model, load_model
from detector.errors import DetectorError
from detector.evidence import DISGUISES
from detector.ingest import from_record
from detector.pipeline import judge_pairs
from detector.records import Article, Verdict
from detector.verdict import flagged
from training.corpora import ROOT
from training.crossing import generator
from training.rewriters.roundtrip import PIVOTS, there_and_back
from training.splits import is_held_out
from training.tricks import TRICKS, Material

PAIRS = ROOT / "build" / "training" / "pairs.parquet"
SEED = 80
SAMPLE = 200  # pairs of either sort
TWICE = "rewritten by a second machine"
# What is to be reached: median drift and share of flips for character tricks, share for textual.
DRIFT, CHARACTER_FLIPS, TEXTUAL_FLIPS = 0.05, 0.02, 0.10

Row = Mapping[str, str]


@dataclass(frozen=True)
class Outcome:
    """What one trick achieved."""

    trick: str
    kind: str
    drift: float  # median distance between a rewrite's scores, with the trick and without
    flips: int  # rewrites that were flagged and are no more
    flagged: int  # rewrites that were flagged without the trick
    accused: int  # honest pairs that were not flagged and are
    honest: int  # honest pairs that the trick was played on; 0 where it rewrites
    told: int = 0  # suspects with the trick, of either sort, of which a disguise is reported
    suspects: int = 0  # suspects with the trick

    @property
    def reached(self) -> bool:
        """Tell whether the trick does not pay."""
        share = self.flips / max(self.flagged, 1)
        if self.kind == "character":
            return self.drift < DRIFT and share <= CHARACTER_FLIPS and not self.accused
        return share <= TEXTUAL_FLIPS and not self.accused


def sample(path: Path, size: int) -> tuple[list[Row], list[Row]]:
    """Draw true rewrites, and honest pairs, from held-out groups; none is made from another corpus.

    Raises
    ------
    DetectorError
        Where there is no table of pairs.
    """
    if not path.is_file():
        raise DetectorError(f"there is no {path}", hint="run `python -m training pairs`")
    columns = ["pair_id", "relation", "group", "crossed", "suspect", "source"]
    rows = [
        row
        for row in pq.read_table(path, columns=columns).to_pylist()
        if is_held_out(row["group"]) and not row["crossed"]
    ]
    machine = [row for row in rows if row["relation"] == "automated_rewrite"]
    honest = [row for row in rows if row["relation"] not in ("automated_rewrite", "unrelated")]
    rng = generator(SEED, "sample")
    return tuple(rng.sample(found, min(size, len(found))) for found in (machine, honest))  # type: ignore[return-value]


def disguised(rows: Sequence[Row], trick: str) -> list[str]:
    """Play a trick on every suspect, alike in every run."""
    change = TRICKS[trick].change
    texts = []
    for place, row in enumerate(rows):
        other = rows[(place + 1) % len(rows)]["suspect"]
        rng = generator(SEED, trick, row["pair_id"])
        texts.append(change(row["suspect"], Material(row["source"], other, rng)))
    return texts


def verdicts(rows: Sequence[Row], suspects: Iterable[str], model: Model) -> list[Verdict]:
    """Read and judge suspects against their sources."""
    pairs = (
        (row["pair_id"], _article(suspect), _article(row["source"]))
        for row, suspect in zip(rows, suspects, strict=True)
    )
    return list(judge_pairs(pairs, model))


def _article(text: str) -> Article:
    read = from_record({"text": text}, input="evasion", position="")
    return read if isinstance(read, Article) else Article("", "")


def tells_disguise(verdict: Verdict) -> bool:
    """Tell whether the evidence says that the suspect is disguised."""
    return any(reason.kind in DISGUISES for reason in verdict.evidence)


class Trial:
    """The sample, judged once as it is and once a trick."""

    def __init__(self, machine: Sequence[Row], honest: Sequence[Row], model: Model) -> None:
        self.machine, self.honest, self.model = machine, honest, model
        self.plain = verdicts(machine, (row["suspect"] for row in machine), model)
        self.plain_honest = verdicts(honest, (row["suspect"] for row in honest), model)

    def of_trick(self, trick: str) -> Outcome:
        """Play a trick on rewrites, and on honest pairs unless it rewrites."""
        honest = () if TRICKS[trick].rewrites else self.honest
        after = verdicts(self.machine, disguised(self.machine, trick), self.model)
        honestly = verdicts(honest, disguised(honest, trick), self.model)
        return self._outcome(trick, TRICKS[trick].kind, after, honestly)

    def of_second_machine(self) -> Outcome:
        """Send the rewrites through a translator and back."""
        twice = there_and_back([row["suspect"] for row in self.machine], PIVOTS[0])
        kept = [text or row["suspect"] for text, row in zip(twice, self.machine, strict=True)]
        return self._outcome(TWICE, "textual", verdicts(self.machine, kept, self.model), [])

    def _outcome(
        self, trick: str, kind: str, after: Sequence[Verdict], honestly: Sequence[Verdict]
    ) -> Outcome:
        before = list(zip(self.plain, after, strict=True))
        # A text that is not judged any more has drifted all the way.
        drifts = [1.0 if b.score != b.score else abs(a.score - b.score) for a, b in before]
        return Outcome(
            trick,
            kind,
            drift=round(median(drifts), 4),
            flips=sum(flagged(a) and not flagged(b) for a, b in before),
            flagged=sum(map(flagged, self.plain)),
            accused=sum(
                flagged(b) and not flagged(a)
                for a, b in zip(self.plain_honest, honestly, strict=False)
            ),
            honest=len(honestly),
            told=sum(map(tells_disguise, (*after, *honestly))),
            suspects=len(after) + len(honestly),
        )

    def undisguised(self) -> str:
        """Say of how many suspects as they are a disguise is reported."""
        told = [sum(map(tells_disguise, found)) for found in (self.plain, self.plain_honest)]
        return (
            f"Without a trick, disguise is reported of {told[0]} of {len(self.machine)} rewrites "
            f"and of {told[1]} of {len(self.honest)} honest suspects."
        )


def table(outcomes: Sequence[Outcome]) -> str:
    """Write outcomes as a table of Markdown."""
    lines = [
        "| trick | kind | median drift | rewrites lost | honest accused | told | reached |",
        "|---|---|---|---|---|---|---|",
    ]
    for o in outcomes:
        lost = f"{o.flips} of {o.flagged} ({o.flips / max(o.flagged, 1):.1%})"
        accused = f"{o.accused} of {o.honest}" if o.honest else "rewrites"
        reached = "yes" if o.reached else "**no**"
        told = f"{o.told / o.suspects:.1%}" if o.kind == "character" and o.suspects else "-"
        shown = (o.trick, o.kind, f"{o.drift:.3f}", lost, accused, told, reached)
        lines.append(f"| {' | '.join(shown)} |")
    return "\n".join(lines)


def main() -> None:
    """Print the table; with ``--out`` also write it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=Path, default=PAIRS, help="Parquet of `training pairs`.")
    parser.add_argument("--size", type=int, default=SAMPLE, help="Pairs of either sort.")
    parser.add_argument("--trick", action="append", choices=[*TRICKS, TWICE], help="Only this.")
    parser.add_argument("--out", type=Path, help="JSON to write.")
    asked = parser.parse_args()
    trial = Trial(*sample(asked.pairs, asked.size), load_model())
    outcomes = [
        trial.of_second_machine() if name == TWICE else trial.of_trick(name)
        for name in asked.trick or [*TRICKS, TWICE]
    ]
    print(table(outcomes), trial.undisguised(), sep="\n\n")
    if asked.out:
        asked.out.write_text(json.dumps([asdict(o) for o in outcomes], indent=1) + "\n")


if __name__ == "__main__":
    main()
