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

from training import operations
from training.operations import Thesauri
from training.readers.records import Couple, Original, shared
from training.rewriters import mixtures, roundtrip
from training.rewriters.prose import count_words, cut_to
from training.rewriters.thesaurus import mythes, wordnet

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
_BATCH = 150
_WORKERS = 2


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
        return _errand(original, pivot.name, rng.choice(operations.PARTS))
    thesaurus = lists.get(operation) or lists[rng.choice(sorted(lists))]
    simple: dict[str, Callable[[], Couple | None]] = {
        "excerpt": lambda: operations.excerpted(original, rng),
        "copy": lambda: operations.edited(original, rng),
        "update": lambda: operations.updated(original, rng),
        "apart": lambda: operations.apart(original, rng, thesaurus),
        "mythes": lambda: operations.spun(original, rng, thesaurus),
        "wordnet": lambda: operations.spun(original, rng, thesaurus),
        "spintax": lambda: operations.from_template(original, rng, thesaurus),
        "partial": lambda: operations.partly_spun(original, rng, thesaurus),
    }
    if operation in simple:
        return simple[operation]()
    make = operations.merged if operation == "merged" else operations.unrelated
    tries = rng.sample(list(partners), len(partners))
    found = (make(original, other, rng, thesaurus) for other in tries)
    return next((couple for couple in found if couple), None)


# ---- translation


def _errand(original: Original, tool: str, share: float) -> Errand:
    codes = tool.removeprefix("apertium-").split("-")
    by_name = {pivot.name: pivot for pivot in roundtrip.PIVOTS}
    couple = operations.couple_of(
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
    suspect, after = operations.touched_up(suspect, rng)
    return replace(couple, suspect=suspect, strength=" ".join([couple.strength, *after]).strip())
