"""Build ``pairs.parquet``: the corpora's own pairs, mined ones, and every corpus crossed.

Read, cap, mine, cross, level the make-up of both sides, group, write. The same seed and the same
corpora give the same file.
"""

from __future__ import annotations

import hashlib
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from detector.records import Relation
from training import crossing, mining, operations
from training.corpora import ROOT, default_mirror, load
from training.crossing import generator
from training.groups import Groups, named
from training.readers.outputs import LEAST_WORDS
from training.readers.records import Corpus, Couple, Original, key_of, words
from training.rewriters import copyedit, mixtures, roundtrip
from training.rewriters.prose import cut_to, flattened, sentence_lists

OUT = ROOT / "build" / "training" / "pairs.parquet"
SEED = 1

# A corpus's own pairs of one relation at most, evenly over its tools and degrees.
CAPS: dict[tuple[str, Relation], int] = {
    ("imbd", "automated_rewrite"): 2000,
    ("asap", "automated_rewrite"): 2500,
    ("asap", "independent"): 700,
    ("biscope", "automated_rewrite"): 1500,
    ("biscope", "independent"): 500,
    ("mixset", "automated_rewrite"): 1500,
    ("ai_polished", "automated_rewrite"): 2200,
    ("ai_polished", "copy"): 600,
    ("hppt", "automated_rewrite"): 1200,
    ("versions", "copy"): 300,
    ("versions", "human_rewrite"): 1100,
}
# Pairs made from a corpus's originals, and how many originals they are made from at most. News
# articles of many outlets are what the product meets, so that corpus weighs most.
BUDGETS: dict[str, int] = {"article_bias": 7000}
POOLS: dict[str, int] = {"article_bias": 2500}
DEFAULT_BUDGET = 1300
DEFAULT_POOL = 400
# Mined pairs of one corpus and relation at most.
MINED = 900
# Independent reports of which a part is put into the other one, of one corpus at most.
DESK_MERGES = 400
# A language model's rewrites whose ends are set against their sources' beginnings, of one corpus.
RETOLD_APART = 150
# Half and more of the 6-grams shared is a copy; between the two, wording taken over and more made
# of it; just above half may be either.
COPIED = 0.6
# Corpora whose originals are single stories of newspapers, among which one event may stand twice.
MINED_CORPORA = ("article_bias", "c50", "bbc", "sheepdog", "llm_misinformation")
MOST_WORDS = 800
# Paragraph breaks go on both sides of so many pairs, so that they tell nothing.
FLATTENED = 0.25
# Originals that share this part of their wording are one split group.
SAME_GROUP = 0.15


# ---- the corpora's own pairs


def capped(couples: Sequence[Couple], cap: int, rng: random.Random) -> list[Couple]:
    """Draw at most so many couples, evenly over tools and strengths."""
    cells: dict[tuple[str, str], list[Couple]] = defaultdict(list)
    for couple in rng.sample(list(couples), len(couples)):
        cells[couple.tool, couple.strength].append(couple)
    drawn: list[Couple] = []
    while len(drawn) < cap and cells:
        for cell in sorted(cells):
            drawn.append(cells[cell].pop())
        cells = {cell: left for cell, left in cells.items() if left}
    return drawn[:cap]


def own(name: str, corpus: Corpus, seed: int) -> list[Couple]:
    """Draw from a corpus's own pairs, relation by relation."""
    by_relation: dict[Relation, list[Couple]] = defaultdict(list)
    for couple in corpus.couples:
        by_relation[couple.relation].append(couple)
    drawn = []
    for relation, couples in sorted(by_relation.items()):
        cap = CAPS.get((name, relation), len(couples))
        drawn += capped(couples, cap, generator(seed, name, relation))
    return drawn


# ---- mined pairs


def mined(originals: Sequence[Original], seed: int) -> list[Couple]:
    """Label the pairs of originals that tell one event, by the wording they share."""
    found: dict[Relation, list[Couple]] = defaultdict(list)
    for match in mining.same_event(originals):
        relation = relation_of(match.containment)
        if relation:
            source, suspect = originals[match.first], originals[match.second]
            found[relation].append(_mined_couple(source, suspect, relation))
    rng = generator(seed, "mined", originals[0].corpus if originals else "")
    couples = [c for _, some in sorted(found.items()) for c in capped(some, MINED, rng)]
    return couples + [q for c in couples if (q := with_shared_quotation(c, rng))]


def relation_of(containment: float) -> Relation | None:
    """Tell what two tellings of one event are, by the share of 6-grams in common."""
    if containment < mining.INDEPENDENT:
        return "independent"
    if containment < mining.COPIED:
        return "human_rewrite"
    return "copy" if containment >= COPIED else None


def _mined_couple(source: Original, suspect: Original, relation: Relation) -> Couple:
    tools = {"independent": "other_report", "human_rewrite": "desk", "copy": "syndicated"}
    return Couple(
        corpus=source.corpus,
        suspect=cut_to(suspect.text, MOST_WORDS),
        source=cut_to(source.text, MOST_WORDS),
        relation=relation,
        tool=tools[relation],
        original=source.key,
        genre=source.genre,
        kin=(suspect.key,),
    )


def with_shared_quotation(couple: Couple, rng: random.Random) -> Couple | None:
    """Put one or two of the source's quotations into an independent report, one time in three."""
    if couple.relation != "independent" or rng.random() > 1 / 3:
        return None
    lists = sentence_lists(couple.source)
    quoted = [s for found in lists for s in found if s.count('"') >= 2 or ("“" in s and "”" in s)]
    quoted = [s for s in quoted if 8 <= len(s.split()) <= 60]
    blocks = couple.suspect.split("\n\n")
    if not quoted or len(blocks) < 4:
        return None
    for sentence in rng.sample(quoted, min(len(quoted), rng.randint(1, 2))):
        blocks.insert(rng.randrange(1, len(blocks) + 1), sentence)
    return replace(couple, suspect="\n\n".join(blocks), tool="shared_quotation", crossed=True)


def desk_merged(couples: Sequence[Couple], seed: int) -> list[Couple]:
    """Make of independent writings what a desk makes: one's own, and much of the other's, edited.

    Partial reuse between outlets (or pupils): the suspect's author wrote most of it, and took over
    some paragraphs with light edits.
    """
    rng = generator(seed, "desk", couples[0].corpus if couples else "")
    fit = [c for c in couples if c.relation == "independent" and not c.crossed]
    drawn = rng.sample(fit, min(len(fit), DESK_MERGES))
    return [_desk_merge(couple, rng) for couple in drawn]


def _desk_merge(couple: Couple, rng: random.Random) -> Couple:
    taken, _ = copyedit.edit(couple.source, rng, most=4)
    own = couple.suspect
    main, other = (own, taken) if rng.random() < 0.5 else (taken, own)
    return replace(
        couple,
        suspect=mixtures.merged(main, other, rng),
        relation="human_rewrite",
        tool="desk_merge",
        crossed=True,
    )


def retold_apart(couples: Sequence[Couple], seed: int) -> list[Couple]:
    """Set the ends of language models' rewrites against the beginnings of their sources."""
    rng = generator(seed, "apart", couples[0].corpus if couples else "")
    fit = [c for c in couples if c.family == "language_model" or c.tool.startswith("google")]
    found = (operations.retold_apart(c) for c in rng.sample(fit, len(fit)))
    return list(islice((couple for couple in found if couple), RETOLD_APART))


# ---- make-up, groups


def levelled(couple: Couple, seed: int) -> Couple:
    """Take the paragraph breaks from both sides where one has none, and now and then anyway."""
    one_sided = ("\n\n" in couple.suspect) != ("\n\n" in couple.source)
    drawn = generator(seed, "flat", couple.suspect[:80], couple.original).random() < FLATTENED
    if not (one_sided or drawn):
        return couple
    return replace(couple, suspect=flattened(couple.suspect), source=flattened(couple.source))


def is_long_enough(couple: Couple) -> bool:
    """Tell whether both sides can be judged."""
    return min(len(words(couple.suspect)), len(words(couple.source))) >= LEAST_WORDS


def grouped(couples: Sequence[Couple]) -> dict[str, str]:
    """Name the split group of each original key.

    Joined are: a couple's original, its kin and its event, the sources that begin alike, and the
    sources that share wording.
    """
    groups: Groups[str] = Groups()
    sources: dict[str, str] = {}
    for couple in couples:
        keys = [couple.original, key_of(couple.source), *couple.kin]
        groups.join(keys + ([f"event {couple.event}"] if couple.event else []))
        sources.setdefault(key_of(couple.source), couple.source)
    keys = sorted(sources)
    for match in mining.reused([sources[key] for key in keys]):
        if match.containment >= SAME_GROUP:
            groups.join([keys[match.first], keys[match.second]])
    return named(groups)


# ---- the whole


@dataclass(frozen=True, slots=True)
class Progress:
    """Says on the terminal what is done, and since when."""

    start: float

    def __call__(self, what: str) -> None:
        """Print one line."""
        print(f"pairs: {time.monotonic() - self.start:6.0f} s  {what}", flush=True)


def pool(name: str, originals: Sequence[Original], seed: int) -> list[Original]:
    """Draw the originals that pairs are made from."""
    long_enough = [o for o in originals if len(words(o.text)) >= 2 * LEAST_WORDS]
    limit = min(len(long_enough), POOLS.get(name, DEFAULT_POOL))
    return generator(seed, name, "pool").sample(long_enough, limit)


def gather(corpora: dict[str, Corpus], seed: int, say: Progress) -> list[Couple]:
    """Make all couples of all corpora."""
    lists, blocks = crossing.thesauri(), crossing.Blocks()
    couples: list[Couple] = []
    errands: list[crossing.Errand] = []
    for name, corpus in corpora.items():
        found = own(name, corpus, seed)
        if name in MINED_CORPORA:
            found += mined(corpus.originals, seed)
        couples += [*found, *desk_merged(found, seed), *retold_apart(found, seed)]
        budget = BUDGETS.get(name, DEFAULT_BUDGET)
        drawn = pool(name, corpus.originals, seed)
        done, waiting = crossing.cross(drawn, budget, seed, lists, blocks)
        couples += done
        errands += waiting
        say(f"{name}: {len(corpus.originals)} originals, {len(couples)} pairs so far")
    if roundtrip.installed_pairs():
        couples += crossing.translated(errands, seed)
        say(f"translated {len(errands)} texts")
    return couples


def finished(couples: Iterable[Couple], seed: int) -> list[Couple]:
    """Level make-up, drop what is too short, keep one of equal pairs, in a stable order."""
    levelled_ones = (levelled(couple, seed) for couple in couples if is_long_enough(couple))
    by_id = {pair_id(couple): couple for couple in levelled_ones}
    return [by_id[name] for name in sorted(by_id)]


def pair_id(couple: Couple) -> str:
    """Name a couple by what it is."""
    parts = (couple.corpus, couple.relation, couple.tool, couple.suspect, couple.source)
    return f"{couple.corpus}-{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:16]}"


def write(couples: Sequence[Couple], out: Path) -> None:
    """Write the couples, with their groups, as Parquet."""
    import pyarrow as pa  # noqa: PLC0415 - slow to import
    import pyarrow.parquet as pq  # noqa: PLC0415

    groups = grouped(couples)
    columns = {
        "pair_id": [pair_id(c) for c in couples],
        "corpus": [c.corpus for c in couples],
        "tool": [c.tool for c in couples],
        "family": [c.family or "" for c in couples],
        "relation": [c.relation for c in couples],
        "degree": pa.array([c.degree for c in couples], pa.float64()),
        "strength": [c.strength for c in couples],
        "genre": [c.genre for c in couples],
        "original": [c.original for c in couples],
        "event": [c.event for c in couples],
        "group": [groups[c.original] for c in couples],
        "crossed": [c.crossed for c in couples],
        "suspect": [c.suspect for c in couples],
        "source": [c.source for c in couples],
    }
    out.parent.mkdir(parents=True, exist_ok=True)
    temporary = out.with_suffix(".tmp")
    pq.write_table(pa.table(columns), temporary, compression="zstd")
    temporary.rename(out)


def report(couples: Sequence[Couple]) -> None:
    """Print how many pairs there are of each corpus, relation and tool."""
    cells = Counter((c.corpus, c.relation, c.tool) for c in couples)
    for (corpus, relation, tool), count in sorted(cells.items()):
        print(f"{corpus:20} {relation:18} {tool:34} {count:6}")
    print(f"{'all':74} {len(couples):6}")


def build(
    mirror: Path | None = None,
    out: Path = OUT,
    *,
    seed: int = SEED,
    names: Sequence[str] | None = None,
) -> int:
    """Build the pairs of all corpora, or of those named, and write them; returns how many.

    Raises
    ------
    DetectorError
        Where a corpus cannot be had or verified, or a thesaurus is not installed.
    """
    from training.readers import READERS  # noqa: PLC0415 - a reader needs the word lists

    say = Progress(time.monotonic())
    mirror = mirror or default_mirror()
    corpora = {name: READERS[name](load(name, mirror)) for name in names or READERS}
    say("read and verified")
    couples = finished(gather(corpora, seed, say), seed)
    write(couples, out)
    report(couples)
    say(f"wrote {out}")
    return len(couples)
