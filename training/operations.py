"""What can be made of one original: each relation, by a real or an imitated hand or machine.

Each function gives a couple, or None where the original does not lend itself to it.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from math import nan
from typing import TypeAlias

from training.readers.records import Couple, Original, content_words, shared
from training.rewriters import copyedit, excerpts, mixtures, parts, sentences, spinner, spintax
from training.rewriters.thesaurus import Thesaurus

Thesauri: TypeAlias = Mapping[str, Thesaurus]

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
# Shares of a text that are rewritten where not all of it is.
PARTS = (1 / 3, 1 / 2, 2 / 3)


def couple_of(original: Original, suspect: str, relation: str, tool: str, **more: object) -> Couple:
    """Pair an original with what was made of it."""
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
    return couple_of(original, found[0], "excerpt", f"excerpt-{found[1]}") if found else None


def commented(original: Original, rng: random.Random) -> Couple | None:
    """Cut an excerpt of an article's first part; its other part is the comment."""
    found = parts.parted(original.text, _EXCERPTED_PART)
    cut = excerpts.excerpt(found[0], rng) if found else None
    if found is None or cut is None:
        return None
    suspect = parts.commented(cut[0], found[1], rng)
    return couple_of(replace(original, text=found[0]), suspect, "excerpt", "excerpt-commented")


def updated(original: Original, rng: random.Random) -> Couple | None:
    """Write an article's first part on with its other part."""
    found = parts.parted(original.text, rng.uniform(*_FIRST_PART))
    if found is None:
        return None
    suspect = parts.updated(*found, rng)
    return couple_of(replace(original, text=found[0]), suspect, "human_rewrite", "update")


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
    return couple_of(replace(original, text=source), suspect, "independent", tool)


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
        return couple_of(original, original.text, "copy", "verbatim")
    suspect, done = copyedit.edit(original.text, rng)
    tool = "verbatim" if done == "verbatim" else "copy_editor"
    return couple_of(original, suspect, "copy", tool, strength=done)


def spun(original: Original, rng: random.Random, thesaurus: Thesaurus) -> Couple | None:
    """Spin, and sometimes move sentences before and edit lightly after."""
    text, how = original.text, spinner.manner(rng)
    notes = [how.strength]
    if rng.random() < _RESTRUCTURED:
        kind = rng.choice(("split", "join", "shuffle"))
        text = _restructured(text, kind, rng)
        notes.append(kind)
    suspect = spinner.spin(text, thesaurus, how, rng)
    suspect, after = touched_up(suspect, rng)
    return _machine(original, suspect, thesaurus.name, how.rate, " ".join([*notes, *after]))


def _restructured(text: str, kind: str, rng: random.Random) -> str:
    if kind == "split":
        return sentences.split(text, 0.7, rng)
    return sentences.join(text, 0.3, rng) if kind == "join" else sentences.shuffle(text, rng)


def touched_up(suspect: str, rng: random.Random) -> tuple[str, list[str]]:
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
    return couple_of(
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
    share = rng.choice(PARTS)
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
    return couple_of(
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
