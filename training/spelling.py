"""Which British spellings are the same words as which American ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from training.wordnet import WordNet, synonym_pairs

# British infix, American one. A rule alone proves nothing ("four" is not "for"): the two words must
# also share a sense in WordNet.
_SPELLING_RULES = (
    ("our", "or"),
    ("is", "iz"),
    ("ys", "yz"),
    ("tre", "ter"),
    ("bre", "ber"),
    ("ogue", "og"),
    ("ence", "ense"),
    ("ae", "e"),
    ("oe", "e"),
    ("oeu", "eu"),
    ("mme", "m"),
    ("moul", "mol"),
    ("oul", "ol"),
    ("ough", "ow"),
    ("sce", "ske"),
    ("disc", "disk"),
    ("gement", "gment"),
    ("ctise", "ctice"),
    ("ium", "um"),
    ("grey", "gray"),
    ("tyre", "tire"),
    ("cheque", "check"),
    ("kerb", "curb"),
    ("pyjama", "pajama"),
    ("moustache", "mustache"),
    ("jewellery", "jewelry"),
    ("artefact", "artifact"),
)
# Either spelling may be the British one: "travelled", but "fulfil".
_DOUBLED = (("ll", "l"), ("l", "ll"))
# Pairs that satisfy a rule and share a sense, and yet are two words.
_TWO_WORDS = frozenset(
    {"apprise", "baisa", "bipartisan", "bise", "boule", "cheque", "colours", "congou", "coulter"}
    | {"daemon", "filet", "fillet", "fount", "palette", "partisan", "prise", "marshal", "reprise"}
    | {
        "storey",
        "timbre",
        "vapours",
        "visor",
        "advertise",
        "advertisement",
        "advertiser",
        "advertising",
    }
)
# How nouns and verbs are inflected, by the last letter of both spellings: what is cut, what added.
_NOUN_ENDINGS = {"y": (("y", "ies"), ("", "'s")), "": (("", "s"), ("", "'s"))}
_VERB_ENDINGS = {
    "e": (("", "d"), ("e", "ing"), ("", "r"), ("", "rs")),
    "": (("", "ed"), ("", "ing"), ("", "er"), ("", "ers")),
}


def _rewritten(word: str, rules: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield the words that one rule at one place makes of a word."""
    for before, after in rules:
        place = word.find(before)
        while place >= 0:
            yield word[:place] + after + word[place + len(before) :]
            place = word.find(before, place + 1)


def spelling_variants(wordnet: WordNet, frequencies: Counter[str]) -> dict[str, str]:
    """Map British spellings, inflected too, to the American ones of the same word.

    Parameters
    ----------
    frequencies : of words in American text, which tell "traveled" from "travelled"
    """
    pairs = synonym_pairs(wordnet)
    related = pairs | {(second, first) for first, second in pairs}
    variants = {}
    for word in sorted({first for first, _ in related} - _TWO_WORDS):
        for other in _rewritten(word, _SPELLING_RULES):
            if (word, other) in related:
                variants[word] = other
        for other in _rewritten(word, _DOUBLED):
            if (word, other) in related and _is_american(other, word, frequencies):
                variants[word] = other
    inflected = dict(_inflected(variants, wordnet)) | _doubled_inflections(wordnet, frequencies)
    return _settled(inflected | variants)


def _is_american(word: str, other: str, frequencies: Counter[str]) -> bool:
    return (frequencies[word], -len(word)) > (frequencies[other], -len(other))


def _inflected(variants: dict[str, str], wordnet: WordNet) -> Iterator[tuple[str, str]]:
    """Inflect both spellings of each noun and verb alike."""
    for british, american in variants.items():
        last = british[-1] if british[-1] == american[-1] else ""
        verb = british in wordnet.words["verb"] or american in wordnet.words["verb"]
        endings = _NOUN_ENDINGS.get(last, _NOUN_ENDINGS[""])
        for cut, ending in endings + (_VERB_ENDINGS.get(last, _VERB_ENDINGS[""]) if verb else ()):
            yield british.removesuffix(cut) + ending, american.removesuffix(cut) + ending
        if verb and british.endswith("re") and american.endswith("er"):
            yield british + "d", american + "ed"
            yield british[:-1] + "ing", american + "ing"


def _doubled_inflections(wordnet: WordNet, frequencies: Counter[str]) -> dict[str, str]:
    """Find "cancelled" beside "canceled": an exception whose undoubled form is more in use."""
    found = {}
    for word, bases in wordnet.exceptions().items():
        for base, _ in bases:
            undoubled = base + word.removeprefix(base + base[-1:])
            doubled = base.endswith("l") and word.startswith(base + "l")
            if doubled and frequencies[undoubled] > frequencies[word]:
                found[word] = undoubled
    return found


def _settled(variants: dict[str, str]) -> dict[str, str]:
    """Follow chains ("colourise", "colorise", "colorize") to their end."""
    settled = {}
    for word, key in variants.items():
        for _ in range(4):
            key = variants.get(key, key)  # noqa: PLW2901 - walks the chain
        if key != word:
            settled[word] = key
    return settled
