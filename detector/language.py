"""Which language a text is in, with English beyond doubt.

English is recognised by its own function words, which no spinner and no translator does without:
so garbled English is still English, in whatever case, with foreign words left in it. Only where too
few of them stand does the language model that py3langid brings decide; it takes a second to load.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

UNKNOWN = "und"

_WORD = re.compile(r"[^\W\d_]++(?:['’][^\W\d_]++)*+")
# The share of function words settles after a few hundred words; more would only cost time.
_WORDS_READ = 200
# Fewer letters than this say nothing; letters, for Chinese and Thai put no spaces between words.
_FEWEST_LETTERS = 20

_FUNCTION_WORDS = """
the of and to that it with he they this by from which would have had his her their been were are
who what about not but be has she you your my our there if than its because could should when where
while after before between through these those them into only other some such said says out up more
most many much how why just did can might must being both during each few own same again against
still any or we i'm it's don't didn't doesn't isn't wasn't can't won't that's
"""
# Without those that are as common in Dutch, German, French or the Scandinavian, Iberian and Italian
# languages: "in", "is", "was", "for", "at", "on", "a", "me".
ENGLISH_WORDS = frozenset(_FUNCTION_WORDS.split())

# Among 7,500 stretches of 40 words from English news and encyclopedia 97 % have a greater share,
# and of 1,600 that Apertium had sent through another language and back all have (least .13); of
# 1,600 in Spanish, Catalan, Galician and Esperanto none has (most .054).
_SURELY_ENGLISH = 0.10

# Function words of languages that share English letters, those with English too ("a", "is") and
# those of names ("de la Cruz"): they only say for which paragraphs the model is worth asking.
_OTHERS = {
    "ca": "a al als amb com de del dels el els en es és ha i la les més no per que se són un una "
    "va",
    "da": "af blev de den der det en er et for har i ikke med og også om på som til var være",
    "de": "am auch auf aus bei das dass dem den der des die ein eine für im ist mit nach nicht "
    "sich sind und von werden wird zu",
    "eo": "al de el en estas estis iliaj kaj ke kun la li ne oni per por sed sur",
    "es": "a al como con de del el en es está fue ha la las lo los más no para pero por que se "
    "según su sus también un una y",
    "fr": "au aux avec cette dans de des du elle en est et il la le les leur ont par pas plus "
    "pour qui que sa se son sont sur un une été à",
    "gl": "a ao con da das de do dos e en máis na no non o os ou para pero por que se un unha é",
    "id": "akan atau dan dari dengan di ini itu juga ke oleh pada tidak untuk yang",
    "it": "al alla anche che con da del della di e gli ha hanno i il in la le lo nel nella non "
    "per più si sono su un una è",
    "nl": "aan bij dat de deze die een en er het in is met naar niet om ook op te van voor wordt "
    "zijn",
    "pl": "do i jak jest na nie o od oraz po przez się w z za że",
    "pt": "a ao as com da das de do dos e em foi mais na no não o os para pela pelo por que são "
    "se também um uma à é",
    "ro": "a au ca care ce cu de din este fost în la mai nu o pe pentru sau se și un va",
    "sv": "att av de den det en ett för har i inte med och om på som till var är",
    "tr": "bir bu da daha de en gibi için ile ki ne olarak olan ve çok",
}
_OTHER_WORDS = {language: frozenset(words.split()) for language, words in _OTHERS.items()}
# One word in four, two different ones, four for each of English: so are 21 of 180,143 paragraphs of
# the corpora, and of all but two, credits of one photographer, the model says otherwise (0092).
_OTHER_SHARE, _FEWEST_OTHER, _OTHER_FOR_ENGLISH, _FEWEST_WORDS = 0.25, 2, 4, 5
_BEGINNING = 200  # characters of a paragraph that are looked at


def detect(text: str) -> str:
    """Name the language of a text.

    Parameters
    ----------
    text : cleaned or not; only its first 200 words are read

    Returns
    -------
    str
        Two-letter code (BCP 47 primary tag); "und" for fewer than 20 letters.
    """
    words = [match[0] for match in islice(_WORD.finditer(text), _WORDS_READ)]
    if sum(map(len, words)) < _FEWEST_LETTERS:
        return UNKNOWN
    if surely_english(words):
        return "en"
    return _modelled(" ".join(words))


def surely_english(words: Sequence[str]) -> bool:
    """Tell whether words have as many English function words as no other language's."""
    return english_share(words) >= _SURELY_ENGLISH


def english_share(words: Sequence[str]) -> float:
    """Return the share of words that are English function words, 0 to 1; of no words, 0."""
    found = sum(word.replace("’", "'").lower() in ENGLISH_WORDS for word in words)
    return found / len(words) if words else 0.0


def is_foreign(paragraph: str) -> bool:
    """Tell whether a paragraph is plainly in another language that is written in Latin letters."""
    words = paragraph[:_BEGINNING].lower().split()
    likely = _likely(words) if len(words) >= _FEWEST_WORDS else ()
    return bool(likely) and _modelled(paragraph) in likely


def _likely(words: Sequence[str]) -> list[str]:
    """Give the languages whose function words stand where English would have its own."""
    english = sum([word in ENGLISH_WORDS for word in words])
    fewest = max(_FEWEST_OTHER, _OTHER_SHARE * len(words), _OTHER_FOR_ENGLISH * english)
    if fewest > len(words):
        return []
    return [
        language
        for language, theirs in _OTHER_WORDS.items()
        if len(found := [word for word in words if word in theirs]) >= fewest
        and len(set(found)) >= _FEWEST_OTHER
    ]


def _modelled(text: str) -> str:
    from py3langid.langid import classify  # noqa: PLC0415 - takes a second, hardly ever needed

    return str(classify(text)[0])
