"""Stage 10: say why, in plain sentences that point at the places, the strongest first.

Strengths order the sentences and decide nothing: each says how far what was found is from what two
texts show that have nothing to do with each other, or, of what speaks against, from what a rewrite
shows. What speaks against is found as eagerly as the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detector.attribution import credit
from detector.features.comparison import COPIED, MOVED, Comparison, Swap
from detector.quoting import Quoted
from detector.records import Article, Evidence, Relation, Segments, Span

# Shorter runs are idiom; eight equal words in a row seldom meet by chance.
RUN_WORDS = 8
RUNS_SHOWN = 3
SWAPS_SHOWN = 5
QUOTATIONS_SHOWN = 3
EXCERPT_CHARACTERS = 90
# Below these, "order kept" and "swapped words" would be said of two or three places.
FEWEST_MATCHES = 4
FEWEST_SWAPS = 4
# As many reasons as a person reads before looking for herself.
SHOWN = 5
# Kinds that tell what readers and programs see differently.
DISGUISES = frozenset({"disguised_words", "hidden_text"})
# Kinds that say little of the relation: any may have counterparts, or be disguised.
OF_ANY = DISGUISES | {"counterparts"}
# Kinds that speak against a rewrite: for honest work.
AGAINST = frozenset(
    {
        "own_material",
        "kept_quotations",
        "changed_order",
        "changed_spelling",
        "credited_source",
        "looks_original",  # from `detector.verdict`, as it is the model's opinion
    }
)
# A licence or an agency's name explains everything else; only an altered quotation outweighs it.
CREDIT_STRENGTH = 0.9
# That there are counterparts at all says least of how the suspect was made.
COUNTERPART_STRENGTH = 0.5
# Of 29,100 news articles of the corpora seven have a word with look-alikes or invisible characters
# inside, and none more than two different ones; texts about proteins name three ("TNFα").
FEWEST_DISGUISED = 5
# A paragraph. Of 181 pages and 1,194 items of feeds none hides so much inside its text; in the wild
# crawls one page does, a shop whose menus were taken for its text.
FEWEST_HIDDEN = 40
# Scripts that show text on demand, as menus do, hide it as well.
HIDDEN_STRENGTH = 0.5
# Half of a spinner's content swaps and more are synonyms of the word lists.
SPUN_SHARE = 0.5


class Weighed(NamedTuple):
    """A reason and how strong it is, 0 to 1."""

    strength: float
    reason: Evidence


def evidence(comparison: Comparison) -> tuple[Evidence, ...]:
    """Collect what the alignment shows for and against, the strongest first.

    Each item's spans are characters of the two articles' texts, in reading order.
    """
    kinds: tuple[Callable[[Comparison], Iterable[Weighed]], ...] = (
        _disguise,
        _changed_quotations,
        _swapped_words,
        _copied_runs,
        _order,
        _counterparts,
        _credited_source,
        _own_material,
        _kept_quotations,
        _spellings,
    )
    found = [weighed for kind in kinds for weighed in kind(comparison)]
    return tuple(w.reason for w in sorted(found, key=lambda w: -w.strength))


def speaks_against(reason: Evidence) -> bool:
    """Tell whether a reason speaks for honest work."""
    return reason.kind in AGAINST


def strongest(found: Sequence[Evidence], most: int = SHOWN) -> list[Evidence]:
    """Choose the strongest reasons; what speaks against is among them wherever there is any.

    Parameters
    ----------
    found : the strongest first
    """
    shown = list(found[:most])
    against = [reason for reason in found[most:] if speaks_against(reason)]
    if against and not any(map(speaks_against, shown)):
        shown[-1] = against[0]
    return shown


def most_telling(relation: Relation | None, found: Sequence[tuple[str, str]]) -> str:
    """Choose the sentence that explains a relation best, "" where nothing was found.

    Parameters
    ----------
    found : kind and text of each reason, the strongest first
    """
    honest = relation in ("unrelated", "independent")
    fitting = [(kind, text) for kind, text in found if (kind in AGAINST) == honest]
    particular = [text for kind, text in fitting if kind not in OF_ANY]
    return next(iter([*particular, *(text for _, text in (*fitting, *found))]), "")


def disguise(article: Article) -> tuple[Evidence, ...]:
    """Tell what an article shows programs and not readers, or the reverse, however it was made."""
    return tuple(weighed.reason for weighed in _disguised(article))


# ---------------------------------------------------------------- kinds of reasons


def _disguise(c: Comparison) -> Iterator[Weighed]:
    return _disguised(c.alignment.pair.suspect.article)


def _disguised(article: Article) -> Iterator[Weighed]:
    """Count disguised words: nearly no honest text has several. Hidden text is often harmless."""
    found = (
        (article.lookalike_words, "spelt with look-alikes of Latin letters or with stray marks"),
        (article.parted_words, "with invisible characters inside"),
    )
    if sum(words for words, _ in found) >= FEWEST_DISGUISED:
        parts = [f"{_count(words, 'different word')} {how}" for words, how in found if words]
        yield Weighed(1.0, Evidence("disguised_words", f"The text holds {' and '.join(parts)}."))
    if article.hidden_words >= FEWEST_HIDDEN:
        text = (
            f"Markup hides {article.hidden_words} words between the paragraphs from readers; they "
            "are no part of what is judged."
        )
        yield Weighed(HIDDEN_STRENGTH, Evidence("hidden_text", text))


def _counterparts(c: Comparison) -> Iterator[Weighed]:
    """Say how much of the suspect has a counterpart at all."""
    sentences = len(c.alignment.pair.suspect.sentences)
    matches = c.alignment.matches
    if not sentences:
        return
    reason = Evidence(
        "counterparts",
        f"{len(matches)} of {_count(sentences, 'sentence')} "
        f"{'has' if len(matches) == 1 else 'have'} a counterpart in the source; "
        f"{c.alignment.coverage:.0%} of the words derive from it.",
        tuple(c.alignment.pair.suspect.sentences[m.suspect] for m in matches),
        tuple(c.alignment.pair.source.sentences[m.sources[0]] for m in matches),
    )
    yield Weighed(COUNTERPART_STRENGTH * c.alignment.coverage, reason)


def _copied_runs(c: Comparison) -> Iterator[Weighed]:
    """Show the longest runs of equal words, and how much of the suspect they make up.

    What stands in a quotation is left to the quotations: two honest reports may share it.
    """
    said = _said(c)
    runs = [(a, b, j) for a, b, j in _equal_runs(c) if b - a - int(said[a:b].sum()) >= RUN_WORDS]
    if not runs:
        return
    words = sum(b - a for a, b, _ in runs)
    longest = sorted(runs, key=lambda run: run[0] - run[1])[:RUNS_SHOWN]
    a, b, _ = longest[0]
    suspect, source = c.alignment.pair.suspect, c.alignment.pair.source
    reason = Evidence(
        "copied_run",
        f"{words / len(c.ours):.0%} of the words stand in the source in runs of {RUN_WORDS} and "
        f"more; the longest is {b - a} words: {_quote(suspect, (a, b))}.",
        tuple(_characters(suspect, (a, b)) for a, b, _ in longest),
        tuple(_characters(source, (j, j + b - a)) for a, b, j in longest),
    )
    yield Weighed(max(words / len(c.ours), 1 - RUN_WORDS / (b - a)), reason)


def _said(c: Comparison) -> NDArray[np.bool_]:
    """Mark the suspect's words inside quotations that the source has too."""
    said = np.zeros(len(c.ours), dtype=bool)
    for quoted in c.quotations:
        if quoted.fate == "kept":
            said[slice(*quoted.suspect)] = True
    return said


def _equal_runs(c: Comparison) -> Iterator[tuple[int, int, int]]:
    """Yield stretches of equal words as (start, end, place in the source)."""
    kind, origin = c.fates
    equal = np.isin(kind, (COPIED, MOVED))
    start = 0
    for k in range(1, len(kind) + 1):
        if k == len(kind) or not equal[k] or not equal[start] or origin[k] != origin[k - 1] + 1:
            if equal[start]:
                yield start, k, int(origin[start])
            start = k


def _swapped_words(c: Comparison) -> Iterator[Weighed]:
    """Count the changed words that are swaps for a synonym, with examples."""
    synonyms = [swap for swap in c.content_swaps if swap.kind == "synonym"]
    if len(synonyms) < FEWEST_SWAPS:
        return
    share = len(synonyms) / len(c.content_swaps)
    reason = _swaps(
        c,
        "swapped_words",
        synonyms,
        f"{len(synonyms)} of {len(c.content_swaps)} exchanged content words are swaps for a "
        f"synonym: {_examples(synonyms)}.",
    )
    yield Weighed(min(1.0, share / SPUN_SHARE) * _many(len(synonyms), FEWEST_SWAPS), reason)


def _spellings(c: Comparison) -> Iterator[Weighed]:
    """Show swaps between British and American spelling, which desks make and machines seldom."""
    spellings = [swap for swap in c.swaps if swap.kind == "spelling"]
    if spellings:
        reason = _swaps(
            c,
            "changed_spelling",
            spellings,
            f"{_count(len(spellings), 'word')} changed between British and American spelling: "
            f"{_examples(spellings)}.",
        )
        yield Weighed(_many(len(spellings), len(c.swaps)), reason)


def _swaps(c: Comparison, kind: str, swaps: list[Swap], text: str) -> Evidence:
    suspect, source = c.alignment.pair.suspect, c.alignment.pair.source
    return Evidence(
        kind,
        text,
        tuple(suspect.word_spans[swap.suspect] for swap in swaps),
        tuple(source.word_spans[swap.source] for swap in swaps),
    )


def _examples(swaps: list[Swap]) -> str:
    common = Counter((swap.replaced, swap.by) for swap in swaps).most_common(SWAPS_SHOWN)
    return ", ".join(f"{replaced} -> {by}" for (replaced, by), _ in common)


def _changed_quotations(c: Comparison) -> Iterator[Weighed]:
    """Show quotations that say something else than in the source."""
    suspect, source = c.alignment.pair.suspect, c.alignment.pair.source
    changed = [quoted for quoted in c.quotations if _altered(c, quoted)]
    for turn, quoted in enumerate(changed[:QUOTATIONS_SHOWN], start=1):
        ours, theirs = c.ours[slice(*quoted.suspect)], c.theirs[slice(*quoted.source)]
        foreign = (Counter(ours) - Counter(theirs)).total()
        reason = Evidence(
            "changed_quotation",
            f"A quotation is altered: {_quote(suspect, quoted.suspect)} stands in the source as "
            f"{_quote(source, quoted.source)}.",
            (_characters(suspect, quoted.suspect),),
            (_characters(source, quoted.source),),
        )
        # The second says little that the first has not said.
        yield Weighed(_many(1 + foreign, 1) / turn, reason)


def _altered(c: Comparison, quoted: Quoted) -> bool:
    """Tell whether a quotation differs by more than its spelling."""
    if quoted.fate != "changed":
        return False
    key = c.suspect.lexicon.spelling_key
    ours, theirs = c.ours[slice(*quoted.suspect)], c.theirs[slice(*quoted.source)]
    return list(map(key, ours)) != list(map(key, theirs))


def _kept_quotations(c: Comparison) -> Iterator[Weighed]:
    """Count quotations shared word for word: two honest reports may have them in common."""
    kept = [q for q in c.quotations if q.fate != "other" and not _altered(c, q)]
    if not kept:
        return
    suspect, source = c.alignment.pair.suspect, c.alignment.pair.source
    reason = Evidence(
        "kept_quotations",
        f"{len(kept)} of {_count(len(c.quotations), 'quotation')} "
        f"{'stands' if len(kept) == 1 else 'stand'} in the source unaltered.",
        tuple(_characters(suspect, quoted.suspect) for quoted in kept),
        tuple(_characters(source, quoted.source) for quoted in kept),
    )
    yield Weighed(len(kept) / len(c.quotations) * _many(len(kept), 1), reason)


def _order(c: Comparison) -> Iterator[Weighed]:
    """Say whether the sentences follow the source's order."""
    kept, all_ = sum(c.in_order), len(c.in_order)
    if all_ < FEWEST_MATCHES:
        return
    text = f"{kept} of {_count(all_, 'matched sentence')} follow the source's order."
    if kept > 0.8 * all_:
        # Of n sentences in any order, the longest run that ascends holds about 2 * sqrt(n).
        by_chance = min(1.0, 2 / sqrt(all_))
        yield Weighed(max(0.0, kept / all_ - by_chance), Evidence("kept_order", text))
    else:
        yield Weighed(1 - kept / all_, Evidence("changed_order", f"Only {text}"))


def _credited_source(c: Comparison) -> Iterator[Weighed]:
    """Say that the suspect names whose the text is, as licensed copies do."""
    suspect, source = c.alignment.pair.suspect.article, c.alignment.pair.source.article
    if source.site and source.site == suspect.site:
        return
    passage = credit(suspect, source)
    if passage is not None:
        text = f"The suspect names where it comes from: {_cut(passage)}."
        yield Weighed(CREDIT_STRENGTH, Evidence("credited_source", text))


def _own_material(c: Comparison) -> Iterator[Weighed]:
    """Say how much of the suspect the source has not."""
    suspect = c.alignment.pair.suspect
    matched = {match.suspect for match in c.alignment.matches}
    own = [k for k in range(len(suspect.sentences)) if k not in matched]
    if own and c.ours:
        share = sum(b - a for a, b in (suspect.sentence_words[k] for k in own)) / len(c.ours)
        reason = Evidence(
            "own_material",
            f"{share:.0%} of the suspect, {len(own)} of "
            f"{_count(len(suspect.sentences), 'sentence')}, has no counterpart in the source.",
            tuple(suspect.sentences[k] for k in own),
        )
        yield Weighed(share, reason)


# ---------------------------------------------------------------- words and numbers


def _many(number: int, half: int) -> float:
    """Rise from 0 towards 1; ``half`` of a kind are half convincing."""
    return number / (number + half)


def _characters(segments: Segments, words: Span) -> Span:
    """Turn a non-empty range of words into characters of the text."""
    return segments.word_spans[words[0]][0], segments.word_spans[words[1] - 1][1]


def _quote(segments: Segments, words: Span) -> str:
    start, end = _characters(segments, words)
    return _cut(segments.article.text[start:end])


def _cut(text: str) -> str:
    """Quote a text on one line, its beginning where it is long."""
    flat = " ".join(text[: 2 * EXCERPT_CHARACTERS].split())
    cut = flat if len(flat) <= EXCERPT_CHARACTERS else flat[:EXCERPT_CHARACTERS].rstrip() + "..."
    return f"\N{LEFT DOUBLE QUOTATION MARK}{cut}\N{RIGHT DOUBLE QUOTATION MARK}"


def _count(number: int, noun: str) -> str:
    """Count with the noun in the right number.

    >>> _count(1, "word"), _count(3, "word")
    ('1 word', '3 words')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
