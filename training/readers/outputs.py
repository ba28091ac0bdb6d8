"""What language models add to a rewrite that is none of it, and when a reply is no rewrite."""

from __future__ import annotations

import re

from training.readers.records import kept, length_ratio, shared, tidy, words

# A shorter text cannot be judged later (the detector's own limit).
LEAST_WORDS = 40

# Between a reply that wandered off and a heavy rewrite: the content words kept by the pairs that
# were read one by one; condensing to half keeps about a third.
LEAST_KEPT = 0.25
LENGTH_RATIOS = (0.35, 2.5)
# Above, nothing worth the name was rewritten: one word in sixty.
MOST_SHARED = 0.95

_OPENING = re.compile(
    r"^\W*(?:(?:sure|certainly|of course|absolutely|okay|ok)\b[^\n]{0,80}?[!.,:]\s*)?"
    r"(?:(?:here(?:'s|’s| is| are)|below is|this is|the following is|i(?:'ve|’ve| have)|"
    r"(?:the )?(?:revised|rewritten|paraphrased|polished|edited|rephrased|improved)\b)"
    r"[^\n]{0,200}?:\s*(?:\n|(?=[\"“A-Z*])))",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^\W*(?:title|headline|rewritten|revised|polished|paraphrased|rephrased|output|text|article|"
    r"news article|passage|body)(?: \w+){0,2}\s*:\s*",
    re.IGNORECASE,
)
# A rewrite is announced once more half way: what stands before it is the passage itself, or talk.
_ANNOUNCED = re.compile(
    r"(?:\bhere(?:'s|’s| is| are)(?: a| the| my| some)? |\b(?:a|the|my) |^\W*|[\n.!?\"”)-]\W*)"
    r"(?:revised|rewritten|paraphrased|rephrased|polished)(?: and \w+)?"
    r" (?:versions?|passages?|text|article|paragraph)\b[^\n:]{0,120}:\s*",
    re.IGNORECASE | re.MULTILINE,
)
_AFTERWORD = re.compile(
    r"\n\s*\W{0,3}(?:note\s*:|please note|\(note|i hope (?:this|that)|let me know|"
    r"(?:the )?(?:changes|edits)(?: made)?\s*:|i (?:made|changed|have made|replaced|corrected)|"
    r"explanation\s*:|in this (?:version|revision|rewrite)|is there anything|"
    r"###|human:|user:|assistant:|original(?: text)?\s*:)",
    re.IGNORECASE,
)
_REFUSAL = re.compile(
    r"\b(?:as an ai\b|as a (?:large )?language model|as a responsible|"
    r"i(?: am|'m|’m) (?:just )?an ai|"
    r"i(?: cannot|'m unable| am unable| can't|’m not able|'m not able| can’t)"
    r"(?: to)? (?:fulfil|assist|comply|provide|rewrite|polish|create|generate|help|satisfy|write)|"
    r"i apologi[sz]e, but|i(?:'m| am) sorry, but|(?:goes|is) against (?:my|ethical)|"
    r"i (?:would|must) (?:advise|point out|inform|note that)|my (?:programming|guidelines))",
    re.IGNORECASE,
)
_ABOUT_THE_TASK = re.compile(
    r"\b(?:the (?:given|provided|original|above|input) (?:text|passage|paragraph|sentence|article)|"
    r"(?:polish|rewrit|paraphras|rephras)\w* (?:the|this|your) (?:text|passage|paragraph|article)|"
    r"(?:grammatical|spelling) (?:errors|mistakes)|percent of the (?:text|words))\b",
    re.IGNORECASE,
)
# Talk about the task anywhere in a text; "the passage of the bill" is none.
_TASK_TALK = re.compile(
    r"\b(?:(?:the|this)(?: given| original| above| revised| rewritten)? ['\"‘“]?passage\b(?! of\b)|"
    r"(?:revised|rewritten|paraphrased|rephrased|polished) (?:versions?|passages?|text|article)\b|"
    r"paraphras(?:e|ed|ing)\b|the text (?:states|mentions|describes|says|suggests|discusses)\b|"
    r"more (?:convincing|serious, calm))",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"^#{1,6} |\*\*|__|^> ", re.MULTILINE)
# How far into a reply a refusal or talk about the task gives it away; later it may be a quotation.
_HEAD = 400


def unwrapped(reply: str) -> str:
    """Take off meta lines, labels, afterwords, markup and marks around the whole reply."""
    text = _OPENING.sub("", _last_announced(reply.strip()), count=1)
    text = _LABEL.sub("", text, count=1)
    afterword = _AFTERWORD.search(text, len(text) // 3)
    if afterword is not None:
        text = text[: afterword.start()]
    return _unquoted(tidy(_MARKUP.sub("", text)))


def _last_announced(reply: str) -> str:
    """Give what follows the last announcement of a rewrite, if enough follows to be one."""
    ends = [m.end() for m in _ANNOUNCED.finditer(reply)]
    long_enough = [end for end in ends if len(words(reply[end:])) >= LEAST_WORDS]
    return reply[long_enough[-1] :] if long_enough else reply


def speaks_of_the_task(suspect: str, source: str) -> bool:
    """Tell whether a text talks about rewriting or "the passage", and its source does not."""
    return bool(_TASK_TALK.search(suspect)) and not _TASK_TALK.search(source)


def _unquoted(text: str) -> str:
    """Take off a pair of quotation marks that encloses all of the text."""
    enclosed = len(text) > 2 and text[0] in '"“' and text[-1] in '"”'
    if enclosed and not re.search('["“”]', text[1:-1]):
        return text[1:-1].strip()
    if text.count('"') % 2 and text.startswith('"'):
        return text[1:]
    return text


def is_reply_about(reply: str) -> bool:
    """Tell whether a reply refuses, or speaks of the task instead of doing it."""
    head = reply[:_HEAD]
    return bool(_REFUSAL.search(head) or _ABOUT_THE_TASK.search(head))


def is_rewrite(suspect: str, source: str, *, most_shared: float = MOST_SHARED) -> bool:
    """Tell whether a text is a sound rewrite of another.

    Long enough, of like length, about the same matter, finished, and changed at all.
    """
    low, high = LENGTH_RATIOS
    return (
        len(words(suspect)) >= LEAST_WORDS
        and len(words(source)) >= LEAST_WORDS
        and low <= length_ratio(suspect, source) <= high
        and kept(suspect, source) >= LEAST_KEPT
        and shared(suspect, source) < most_shared
    )
