"""Light edits as an editor or a syndicating site makes them: the result is still the same article.

Realism: rules of house styles, in a light hand; a handful of edits an article. What an editor does
by judgement (re-leading, condensing by meaning) is not imitated.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from detector.lexicon import lexicon
from training.rewriters.prose import (
    capitalised_like,
    count_words,
    from_sentences,
    joined,
    outside_quotations,
    paragraphs,
    sentence_lists,
)

Edit = Callable[[str, random.Random], str]

_WORD = re.compile(r"[^\W\d_]+")
LEAST_WORDS = 45

# House style: either form may be the house's.
_HOUSE = (
    ("per cent", "percent"),
    ("towards", "toward"),
    ("among", "amongst"),
    ("while", "whilst"),
    ("adviser", "advisor"),
    ("website", "web site"),
    ("email", "e-mail"),
    ("United States", "U.S."),
    ("U.S.", "US"),
    ("Mr.", "Mr"),
    ("Mrs.", "Mrs"),
    ("Dr.", "Dr"),
    ("Sen.", "Senator"),
    ("Rep.", "Representative"),
    ("Gov.", "Governor"),
    ("Jan.", "January"),
    ("Feb.", "February"),
    ("Aug.", "August"),
    ("Sept.", "September"),
    ("Oct.", "October"),
    ("Nov.", "November"),
    ("Dec.", "December"),
    ("a.m.", "am"),
    ("p.m.", "pm"),
    ("OK", "okay"),
    ("more than", "over"),
    ("said that", "said"),
    ("TV", "television"),
    ("first", "1st"),
)
_NUMBERS = (
    *("one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
_CONTRACTIONS = (
    ("do not", "don't"),
    ("does not", "doesn't"),
    ("did not", "didn't"),
    ("is not", "isn't"),
    ("are not", "aren't"),
    ("was not", "wasn't"),
    ("were not", "weren't"),
    ("has not", "hasn't"),
    ("have not", "haven't"),
    ("had not", "hadn't"),
    ("will not", "won't"),
    ("would not", "wouldn't"),
    ("could not", "couldn't"),
    ("should not", "shouldn't"),
    ("cannot", "can't"),
    ("it is", "it's"),
    ("they are", "they're"),
    ("we are", "we're"),
    ("I am", "I'm"),
    ("that is", "that's"),
)
_FILLERS = re.compile(
    r"(?:,? (?:also|however|meanwhile|indeed|of course|in fact|perhaps|certainly),|"
    r"\b(?:very|really|quite|rather|just|already|actually|simply) )",
    re.IGNORECASE,
)
_ASIDE = re.compile(r" \([^()\n]{3,60}\)|, who [^,\n]{3,60},(?= )|, which [^,\n]{3,60},(?= )")
_HEADLINES = (
    "{}: what we know so far",
    "{}, report says",
    "Update: {}",
    "Why {} matters now",
    "{} - the details",
)
_NOTES = (
    "This story has been updated.",
    "Our newsroom will follow this story as it develops.",
    "For more stories like this one, subscribe to our morning letter.",
    "This article first appeared on our partner site and is reproduced with permission.",
    "Do you have a tip for us? Write to the editors.",
    "Photo: archive.",
    "Share this story with your friends.",
    "Read more: what happened last week.",
    "Editor's note: an earlier version gave a wrong date.",
    "Additional reporting by our staff.",
    "The views in this piece are the writer's own.",
    "Copyright of the Harrow Valley Courier. All rights kept.",
)


def _lower_like(sentence: str, text: str) -> str:
    return sentence.lower() if text.islower() else sentence


# ---- wording


def spelling(text: str, rng: random.Random) -> str:
    """Change American spellings for British ones, or the other way about."""
    lists = lexicon()
    table = lists.british_spellings if rng.random() < 0.5 else lists.spellings
    return _WORD.sub(
        lambda m: (
            capitalised_like(table.get(m[0].lower(), m[0].lower()), m[0])
            if m[0].lower() in table
            else m[0]
        ),
        text,
    )


def house_style(text: str, rng: random.Random) -> str:
    """Apply some rules of a house style, each throughout."""
    for first, second in rng.sample(_HOUSE, 8):
        before, after = (first, second) if rng.random() < 0.5 else (second, first)
        text = outside_quotations(text, _replacing(before, after))
    return text


def _replacing(before: str, after: str) -> Callable[[str], str]:
    pattern = re.compile(rf"(?<![\w.]){re.escape(before)}(?![\w.])")
    return lambda stretch: pattern.sub(after, stretch)


def number_style(text: str, rng: random.Random) -> str:
    """Write small numbers in figures, or figures in words."""
    words = dict(zip(_NUMBERS, map(str, range(1, 13)), strict=True))
    if rng.random() < 0.5:
        return re.sub(r"\b(?:" + "|".join(_NUMBERS[1:]) + r")\b(?!-)", lambda m: words[m[0]], text)
    figures = {figure: word for word, figure in words.items()}
    return re.sub(r"(?<![\w.,:$£€/-])(?:1[0-2]|[2-9])(?![\w.,:%/-])", lambda m: figures[m[0]], text)


def contractions(text: str, rng: random.Random) -> str:
    """Contract negations and auxiliaries, or write them out, outside quotations."""
    reverse = rng.random() < 0.5
    for first, second in _CONTRACTIONS:
        before, after = (second, first) if reverse else (first, second)
        text = outside_quotations(text, _replacing(before, after))
    return text


def trims(text: str, rng: random.Random) -> str:
    """Take out fillers and asides, a few."""
    share = rng.uniform(0.3, 0.9)

    def dropped(match: re.Match[str]) -> str:
        if rng.random() >= share:
            return match[0]
        return ", " if match[0].startswith(",") and match[0].endswith(",") else ""

    def change(stretch: str) -> str:
        stretch = _FILLERS.sub(lambda m: "" if rng.random() < share else m[0], stretch)
        return _ASIDE.sub(dropped, stretch)

    return outside_quotations(text, change)


def quotation_marks(text: str, rng: random.Random) -> str:
    """Change straight marks for curly ones, or curly for straight."""
    if "“" in text:
        return text.translate(str.maketrans("“”‘’", "\"\"''"))
    text = re.sub(r'"([^"\n]*)"', r"“\1”", text)
    return re.sub(r"(?<=\w)'(?=\w)", "’", text)


# ---- sentences and paragraphs


def drop_paragraphs(text: str, rng: random.Random) -> str:
    """Cut one paragraph, or a tenth of them; of a single one, a sentence."""
    blocks = paragraphs(text)
    if len(blocks) < 4:
        return drop_sentence(text, rng)
    for _ in range(max(1, rng.randint(0, len(blocks) // 8))):
        blocks.pop(rng.randrange(1, len(blocks)))
    return joined(blocks)


def drop_sentence(text: str, rng: random.Random) -> str:
    """Cut one sentence, never the first."""
    lists = sentence_lists(text)
    places = [(i, j) for i, found in enumerate(lists) for j in range(len(found)) if i + j]
    if len(places) < 4:
        return text
    i, j = rng.choice(places)
    del lists[i][j]
    return from_sentences(lists)


def merge_paragraphs(text: str, rng: random.Random) -> str:
    """Run neighbouring paragraphs together, some of them."""
    result: list[str] = []
    for block in paragraphs(text):
        if result and rng.random() < 0.4:
            result[-1] += " " + block
        else:
            result.append(block)
    return joined(result)


def split_paragraphs(text: str, rng: random.Random) -> str:
    """Begin a new paragraph at some sentences; one-paragraph texts keep theirs."""
    if "\n\n" not in text:
        return text
    lists = sentence_lists(text)
    return joined(
        (" " if i == 0 or rng.random() < 0.6 else "\n\n").join([" ".join(found[:2]), *found[2:]])
        for i, found in enumerate(lists)
        if found
    )


def move_sentence(text: str, rng: random.Random) -> str:
    """Let two neighbouring sentences change places."""
    lists = sentence_lists(text)
    places = [(i, j) for i, found in enumerate(lists) for j in range(1, len(found) - 1)]
    if not places:
        return text
    i, j = rng.choice(places)
    lists[i][j], lists[i][j + 1] = lists[i][j + 1], lists[i][j]
    return from_sentences(lists)


def cut_tail(text: str, rng: random.Random) -> str:
    """Cut from the end, as copy is cut to length: up to a sixth."""
    lists = sentence_lists(text)
    target = count_words(text) * rng.uniform(5 / 6, 0.97)
    while sum(map(len, lists)) > 2 and count_words(from_sentences(lists)) > target:
        if not lists[-1]:
            lists.pop()
        else:
            lists[-1].pop()
    return from_sentences(lists)


# ---- around the text


def headline(text: str, rng: random.Random) -> str:
    """Put a headline before the text, made of its first words."""
    first = " ".join(text.split()[: rng.randint(4, 8)]).rstrip(',.;:"”')
    line = _lower_like(rng.choice(_HEADLINES).format(first), text)
    return f"{line}\n\n{text}" if "\n\n" in text else f"{line}. {text}"


def boilerplate(text: str, rng: random.Random) -> str:
    """Put a site's notes before and after the text."""
    separator = "\n\n" if "\n\n" in text else " "
    notes = [_lower_like(note, text) for note in rng.sample(_NOTES, rng.randint(1, 2))]
    if rng.random() < 0.3:
        return separator.join([notes[0], text, *notes[1:]])
    return separator.join([text, *notes])


EDITS: dict[str, Edit] = {
    "spelling": spelling,
    "house": house_style,
    "numbers": number_style,
    "contractions": contractions,
    "trims": trims,
    "marks": quotation_marks,
    "paragraph cut": drop_paragraphs,
    "sentence cut": drop_sentence,
    "merged": merge_paragraphs,
    "divided": split_paragraphs,
    "moved": move_sentence,
    "tail cut": cut_tail,
    "headline": headline,
    "boilerplate": boilerplate,
}


def edit(text: str, rng: random.Random, most: int = 6) -> tuple[str, str]:
    """Make one to a few edits; gives the text and what was done, in its order.

    One edit may undo another (a cut at the end takes a site's note away again): what then stands
    as it did is verbatim.
    """
    edited, done = text, []
    for name in rng.sample(sorted(EDITS), rng.randint(1, most)):
        changed = EDITS[name](edited, rng)
        if changed != edited and count_words(changed) >= LEAST_WORDS:
            edited = changed
            done.append(name)
    return edited, "verbatim" if edited == text else " ".join(done)
