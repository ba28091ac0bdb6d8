"""From the originals of each corpus, every relation that can be made: genre must tell no label.

The same operations in the same proportions are applied to every corpus, so that neither genre nor
length nor make-up goes with a relation. Translations are gathered over all corpora and done in
batches, for starting the translator costs more than a page.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from math import nan

from training.readers.records import Couple, Original, content_words, shared
from training.rewriters import (
    copyedit,
    excerpts,
    mixtures,
    parts,
    roundtrip,
    sentences,
    spinner,
    spintax,
)
from training.rewriters.prose import count_words, cut_to
from training.rewriters.thesaurus import Thesaurus, mythes, wordnet

# Shares of a corpus's crossed pairs; they sum to 1.
SHARES: Mapping[str, float] = {
    "excerpt": 0.14,
    "copy": 0.15,
    "unrelated": 0.13,
    "apart": 0.09,
    "update": 0.06,
    "mythes": 0.095,
    "wordnet": 0.095,
    "apertium-es": 0.035,
    "apertium-ca": 0.035,
    "apertium-gl": 0.035,
    "apertium-eo": 0.035,
    "apertium-es-eo": 0.02,
    "spintax": 0.02,
    "partial": 0.04,
    "merged": 0.02,
}
# Originals are cut to one of these lengths, in words, whatever is made of them.
LENGTHS = (150, 250, 400, 600)
# Unrelated partners come from blocks so small that they do not tie a whole corpus together.
BLOCK = 5
# Topics that are questions, whose answers are not unrelated.
_QUESTIONS = frozenset({"asap"})
# Two articles that share so much matter may be related after all.
_MOST_COMMON_MATTER = 0.2
_MOST_COMMON_WORDING = 0.05
# The end of a rewrite has so much less matter in common with the beginning of its source than with
# the end, where the order was kept.
_MOST_COMMON_APART = 0.6
# Machine rewriting, then a light hand: so often.
_EDITED_AFTER = 0.15
# Sentences are moved or cut beside the words: so often.
_RESTRUCTURED = 0.3
# A suspect that was not made from its source is itself machine text: so often. Style alone must
# not accuse.
_MACHINE_STYLE = 0.4
# An excerpt stands within the quoting site's own comment: so often.
_COMMENTED = 0.3
# Share of an article that counts as out first, where the rest is what came after.
_FIRST_PART = (0.4, 0.6)
_EXCERPTED_PART = 0.7
_PARTS = (1 / 3, 1 / 2, 2 / 3)
_BATCH = 150
_WORKERS = 2

Thesauri = Mapping[str, Thesaurus]


@dataclass(frozen=True, slots=True)
class Errand:
    """A text that waits for its translation."""

    couple: Couple  # its suspect still to be translated
    pivots: tuple[roundtrip.Pivot, ...]
    share: float = 1.0  # of the sentences that are taken from the translation


def thesauri() -> Thesauri:
    """Load both thesauri."""
    return {"mythes": mythes(), "wordnet": wordnet()}


def generator(seed: int, *names: object) -> random.Random:
    """Seed a generator by names, alike on every machine."""
    return random.Random(":".join(map(str, (seed, *names))))


def at_length(original: Original, seed: int) -> Original:
    """Cut an original to a length that its key draws."""
    length = generator(seed, "length", original.key).choice(LENGTHS)
    return replace(original, text=cut_to(original.text, length))


# ---- one operation on one original


def _couple(original: Original, suspect: str, relation: str, tool: str, **more: object) -> Couple:
    return Couple(
        corpus=original.corpus,
        suspect=suspect,
        source=original.text,
        relation=relation,  # type: ignore[arg-type]
        tool=tool,
        original=original.key,
        genre=original.genre,
        event=original.event,
        crossed=True,
        **more,  # type: ignore[arg-type]
    )


def excerpted(original: Original, rng: random.Random) -> Couple | None:
    """Cut an excerpt, and now and then comment on it."""
    if rng.random() < _COMMENTED:
        return commented(original, rng)
    found = excerpts.excerpt(original.text, rng)
    return _couple(original, found[0], "excerpt", f"excerpt-{found[1]}") if found else None


def commented(original: Original, rng: random.Random) -> Couple | None:
    """Cut an excerpt of an article's first part; its other part is the comment."""
    found = parts.parted(original.text, _EXCERPTED_PART)
    cut = excerpts.excerpt(found[0], rng) if found else None
    if found is None or cut is None:
        return None
    suspect = parts.commented(cut[0], found[1], rng)
    return _couple(replace(original, text=found[0]), suspect, "excerpt", "excerpt-commented")


def updated(original: Original, rng: random.Random) -> Couple | None:
    """Write an article's first part on with its other part."""
    found = parts.parted(original.text, rng.uniform(*_FIRST_PART))
    if found is None:
        return None
    suspect = parts.updated(*found, rng)
    return _couple(replace(original, text=found[0]), suspect, "human_rewrite", "update")


def apart(original: Original, rng: random.Random, thesaurus: Thesaurus) -> Couple | None:
    """Pair one part of an article with the other: one matter, no sentence in common."""
    found = parts.parted(original.text, rng.uniform(*_FIRST_PART))
    if found is None or shared(found[1], found[0]) > _MOST_COMMON_WORDING:
        return None
    source, suspect = found if rng.random() < 0.5 else found[::-1]
    tool = "other_part"
    if rng.random() < _MACHINE_STYLE:
        suspect = spinner.spin(suspect, thesaurus, spinner.manner(rng), rng)
        tool = "other_part_spun"
    return _couple(replace(original, text=source), suspect, "independent", tool)


def retold_apart(couple: Couple) -> Couple | None:
    """Pair the end of a machine's rewrite with the beginning of its source.

    Machine style and the source's matter in one suspect, and yet nothing taken: None where the
    rewrite changed the order, so that its end tells the beginning.
    """
    ours, theirs = parts.parted(couple.suspect, 0.5), parts.parted(couple.source, 0.5)
    if ours is None or theirs is None:
        return None
    tail = content_words(ours[1])
    near, far = (len(tail & content_words(text)) for text in theirs)
    if near > _MOST_COMMON_APART * far or shared(ours[1], theirs[0]) > _MOST_COMMON_WORDING:
        return None
    return replace(
        couple,
        suspect=ours[1],
        source=theirs[0],
        relation="independent",
        family=None,
        tool="other_part_retold",
        degree=nan,
        strength="",
        crossed=True,
    )


def edited(original: Original, rng: random.Random) -> Couple | None:
    """Edit lightly, or leave it verbatim one time in twelve."""
    if rng.random() < 1 / 12:
        return _couple(original, original.text, "copy", "verbatim")
    suspect, done = copyedit.edit(original.text, rng)
    tool = "verbatim" if done == "verbatim" else "copy_editor"
    return _couple(original, suspect, "copy", tool, strength=done)


def spun(original: Original, rng: random.Random, thesaurus: Thesaurus) -> Couple | None:
    """Spin, and sometimes move sentences before and edit lightly after."""
    text, how = original.text, spinner.manner(rng)
    notes = [how.strength]
    if rng.random() < _RESTRUCTURED:
        kind = rng.choice(("split", "join", "shuffle"))
        text = _restructured(text, kind, rng)
        notes.append(kind)
    suspect = spinner.spin(text, thesaurus, how, rng)
    suspect, after = _touched_up(suspect, rng)
    return _machine(original, suspect, thesaurus.name, how.rate, " ".join([*notes, *after]))


def _restructured(text: str, kind: str, rng: random.Random) -> str:
    if kind == "split":
        return sentences.split(text, 0.7, rng)
    return sentences.join(text, 0.3, rng) if kind == "join" else sentences.shuffle(text, rng)


def _touched_up(suspect: str, rng: random.Random) -> tuple[str, list[str]]:
    """Edit a machine's text lightly, now and then."""
    if rng.random() >= _EDITED_AFTER:
        return suspect, []
    suspect, done = copyedit.edit(suspect, rng, most=2)
    return suspect, [f"then {done}"]


def _machine(
    original: Original, suspect: str, tool: str, rate: float, strength: str
) -> Couple | None:
    """Pair a spun text with its original, unless next to nothing was changed."""
    if shared(suspect, original.text) > 0.95:
        return None
    return _couple(
        original,
        suspect,
        "automated_rewrite",
        tool,
        family="synonym_spinner",
        degree=rate,
        strength=strength,
    )


def from_template(original: Original, rng: random.Random, thesaurus: Thesaurus) -> Couple | None:
    """Make a template with alternatives and expand it."""
    rate = rng.choice((0.2, 0.4, 0.6))
    suspect = spintax.spin(original.text, thesaurus, rate, rng)
    return _machine(original, suspect, "spintax", rate, f"{rate:.0%}")


def partly_spun(original: Original, rng: random.Random, thesaurus: Thesaurus) -> Couple | None:
    """Spin a part of the sentences only."""
    share = rng.choice(_PARTS)
    how = replace(spinner.manner(rng), rate=rng.choice((0.5, 0.75, 0.9)))
    suspect = mixtures.partly(
        original.text, spinner.spin(original.text, thesaurus, how, rng), share, rng
    )
    if suspect is None:
        return None
    return _machine(original, suspect, thesaurus.name, nan, f"{how.strength} part {share:.2f}")


def merged(
    original: Original, other: Original, rng: random.Random, thesaurus: Thesaurus
) -> Couple | None:
    """Merge with another article and spin the whole."""
    how = replace(spinner.manner(rng), rate=rng.choice((0.5, 0.75)))
    both = mixtures.merged(original.text, other.text, rng)
    suspect = spinner.spin(both, thesaurus, how, rng)
    couple = _machine(original, suspect, thesaurus.name, how.rate, f"{how.strength} of two")
    return replace(couple, kin=(other.key,)) if couple else None


def unrelated(
    original: Original, other: Original, rng: random.Random, thesaurus: Thesaurus
) -> Couple | None:
    """Pair with another article, or with a spun one, that has nothing to do with it."""
    if not are_unrelated(original, other):
        return None
    suspect, tool = other.text, "other_article"
    if rng.random() < _MACHINE_STYLE:
        suspect = spinner.spin(suspect, thesaurus, spinner.manner(rng), rng)
        tool = "other_article_spun"
    same = bool(original.topic) and original.topic == other.topic
    return _couple(
        original, suspect, "unrelated", tool, kin=(other.key,), strength="topic" if same else ""
    )


def are_unrelated(first: Original, second: Original) -> bool:
    """Tell whether two originals of a corpus have neither event nor question nor text in common."""
    if first.key == second.key or (first.event and first.event == second.event):
        return False
    if first.corpus in _QUESTIONS and first.topic == second.topic:
        return False
    one, other = content_words(first.text), content_words(second.text)
    common = len(one & other) / max(1, min(len(one), len(other)))
    return common < _MOST_COMMON_MATTER and shared(second.text, first.text) < _MOST_COMMON_WORDING


# ---- a corpus


class Blocks:
    """Small sets of originals that may be paired as unrelated, over all corpora.

    An original that two corpora share stays in its one block: two divisions of the same originals
    would chain all of them into one split group.
    """

    def __init__(self) -> None:
        self._block_of: dict[str, list[Original]] = {}

    def place(self, originals: Sequence[Original], rng: random.Random) -> None:
        """Divide the originals that are in no block yet, half by topic, half at random."""
        fresh = [original for original in originals if original.key not in self._block_of]
        mixed = rng.sample(fresh, len(fresh))
        half = len(mixed) // 2
        alike = sorted(mixed[:half], key=lambda original: original.topic)
        for part in (alike, mixed[half:]):
            for start in range(0, len(part), BLOCK):
                block = part[start : start + BLOCK]
                self._block_of.update((original.key, block) for original in block)

    def partners(self, original: Original) -> list[Original]:
        """List the other originals of an original's block."""
        return [other for other in self._block_of[original.key] if other.key != original.key]


def counts(budget: int) -> dict[str, int]:
    """Give each operation its number of pairs."""
    return {name: round(share * budget) for name, share in SHARES.items()}


def cross(
    originals: Sequence[Original], budget: int, seed: int, lists: Thesauri, blocks: Blocks
) -> tuple[list[Couple], list[Errand]]:
    """Apply every operation to a corpus's originals.

    Returns
    -------
    The finished couples, and the errands for the translator.
    """
    corpus = originals[0].corpus
    cut = [at_length(original, seed) for original in originals]
    blocks.place(cut, generator(seed, corpus, "blocks"))
    done: list[Couple] = []
    errands: list[Errand] = []
    for operation, count in counts(budget).items():
        for turn, original in _turns(cut, count, generator(seed, corpus, operation)):
            rng = generator(seed, corpus, operation, turn, original.key)
            made = _made(operation, original, blocks.partners(original), rng, lists)
            if isinstance(made, Errand):
                errands.append(made)
            elif made is not None:
                done.append(made)
    return done, errands


def _turns(
    originals: Sequence[Original], count: int, rng: random.Random
) -> Iterator[tuple[int, Original]]:
    """Yield so many originals, each as often as any other, in drawn order."""
    order: list[Original] = []
    for number in range(count):
        if not order:
            order = rng.sample(list(originals), len(originals))
        yield number // len(originals), order.pop()


def _made(
    operation: str,
    original: Original,
    partners: Sequence[Original],
    rng: random.Random,
    lists: Thesauri,
) -> Couple | Errand | None:
    """Apply one operation."""
    if operation.startswith("apertium"):
        return _errand(original, operation, 1.0)
    if operation == "partial" and roundtrip.installed_pairs() and rng.random() < 0.5:
        pivot = rng.choice(roundtrip.PIVOTS)
        return _errand(original, pivot.name, rng.choice(_PARTS))
    thesaurus = lists.get(operation) or lists[rng.choice(sorted(lists))]
    simple: dict[str, Callable[[], Couple | None]] = {
        "excerpt": lambda: excerpted(original, rng),
        "copy": lambda: edited(original, rng),
        "update": lambda: updated(original, rng),
        "apart": lambda: apart(original, rng, thesaurus),
        "mythes": lambda: spun(original, rng, thesaurus),
        "wordnet": lambda: spun(original, rng, thesaurus),
        "spintax": lambda: from_template(original, rng, thesaurus),
        "partial": lambda: partly_spun(original, rng, thesaurus),
    }
    if operation in simple:
        return simple[operation]()
    make = merged if operation == "merged" else unrelated
    tries = rng.sample(list(partners), len(partners))
    found = (make(original, other, rng, thesaurus) for other in tries)
    return next((couple for couple in found if couple), None)


# ---- translation


def _errand(original: Original, tool: str, share: float) -> Errand:
    codes = tool.removeprefix("apertium-").split("-")
    by_name = {pivot.name: pivot for pivot in roundtrip.PIVOTS}
    couple = _couple(
        original,
        original.text,
        "automated_rewrite",
        tool,
        family="round_trip_translation",
        strength="" if share == 1 else f"part {share:.2f}",
    )
    return Errand(couple, tuple(by_name[f"apertium-{code}"] for code in codes), share)


def translated(errands: Sequence[Errand], seed: int) -> list[Couple]:
    """Run all errands, many texts a process, two processes at a time."""
    lots: dict[tuple[roundtrip.Pivot, ...], list[Errand]] = {}
    for errand in errands:
        lots.setdefault(errand.pivots, []).append(errand)
    batches = [lot[i : i + _BATCH] for lot in lots.values() for i in range(0, len(lot), _BATCH)]
    with ThreadPoolExecutor(_WORKERS) as workers:
        results = list(workers.map(_through, batches))
    couples = (
        _returned(errand, text, seed)
        for batch, texts in zip(batches, results, strict=True)
        for errand, text in zip(batch, texts, strict=True)
    )
    return [couple for couple in couples if couple]


def _through(batch: Sequence[Errand]) -> list[str]:
    texts = [errand.couple.source for errand in batch]
    for pivot in batch[0].pivots:
        texts = roundtrip.there_and_back(texts, pivot)
    return texts


def _returned(errand: Errand, text: str, seed: int) -> Couple | None:
    """Finish an errand's couple with what came back; None where too much was lost."""
    couple = errand.couple
    source = couple.source
    rng = generator(seed, "returned", couple.tool, errand.share, couple.original)
    if not 0.6 < count_words(text) / max(1, count_words(source)) < 1.6:
        return None
    suspect: str | None = text
    if errand.share < 1:
        suspect = mixtures.partly(source, text, errand.share, rng)
    if suspect is None or shared(suspect, source) > 0.95:
        return None
    suspect, after = _touched_up(suspect, rng)
    return replace(couple, suspect=suspect, strength=" ".join([couple.strength, *after]).strip())
