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
    "ca": "a al als amb aquest aquesta com de del dels el els en es fins ha han hi i ja la les "
    "molt més no on per perquè però quan que qui se sense ser seu seva si sobre són també "
    "tot un una va és",
    "da": "af blev da de den der det efter eller en er et for fra han har hun hvor i ikke jeg kan "
    "man med mod nu når og også om på sig sin skal som så til var ved vil være",
    "de": "aber als am an auch auf aus bei bis das dass dem den der des die dieser durch ein eine "
    "er es für haben hat ihre im ist kann keine mehr mit nach nicht noch nur oder sein sich "
    "sie sind so um und unter vom von vor war wenn werden wie wir wird zu zum zur über",
    "eo": "al aliaj ankaŭ antaŭ aŭ de el en estas estis ilia iliaj jam kaj ke kiel kiu kiuj kun "
    "la li ne oni per por post pri pro sed si sur tiu tiuj ĉar ĉi ĉiuj ĝi",
    "es": "a al ante años como con cuando de del desde donde el en entre era eran es esta este "
    "esto está fue ha han hasta hay la las lo los muy más ni no nos o para pero por porque "
    "que se según ser si sin sobre son su sus también todo tras un una y ya",
    "fr": "au aussi aux avait avec ce ces cet cette comme dans de depuis des du elle en entre est "
    "et fait il ils je la le les leur mais même n nous on ont ou où par pas plus pour que "
    "qui sa sans se ses si son sont sous sur tout très un une vers vous y à été",
    "gl": "a ao ata cando como con da das de desde do dos e en eran esta este foi moi máis na no "
    "non nos o os ou para pero pola polo por porque que se sen ser seu sobre súa tamén un "
    "unha xa é",
    "id": "ada adalah agar akan atau bagi bahwa belum dalam dan dari dengan di hari ini itu juga "
    "kami karena kata ke lebih mereka oleh pada para saat sebagai telah tidak untuk yang",
    "it": "ad ai al alla alle anche anni che ci come con da dai dal dalla degli dei del della "
    "delle dello di dopo due e era fra gli ha hanno i il in la le lo ma mai nei nel nella "
    "nelle non o ogni per più poi quella quello questa questo sarà se senza si sono stata "
    "stato su sul sulla sulle tra tutti un una è",
    "nl": "aan al als bij dat de deze die door een en er heeft het hij hun in is kan maar meer "
    "met na naar niet nog nu of om ook op over te tot uit van voor was wat werd worden "
    "wordt ze zich zijn zo",
    "pl": "ale by był była co dla do i jak jego jej jest już kiedy która który którzy ma na nad "
    "nie o od oraz po pod przed przez się są tak to tylko tym w z za że",
    "pt": "a ao as até cada com da das de depois desde do dos e em entre era essa esse esta este "
    "foi há já mais mas mesmo muito na nas no nos num numa não o os ou para pela pelas pelo "
    "pelos por quando que se sem ser seu sobre sua são também ter um uma à é",
    "ro": "a această acest al ale au ca care ce cu cum când dar de din după este fi fost fără la "
    "lui mai mult nici nu o pe pentru prin până sau se sub sunt un unei unui va în între și",
    "sv": "alla att av blir de den det där efter eller en ett från för hade har hon i inte kan "
    "man med men mot nu nya när och också om på sedan sig sin ska som så till under upp var "
    "vid vill är",
    "tr": "ama ancak bile bir bu da daha de değil diye diğer en gibi göre hem her iki ile ilk ise "
    "için kadar kendi ki mi nasıl ne o olan olarak olduğu sonra var ve ya çok üzerinde şu",
}
_OTHER_WORDS = {language: frozenset(words.split()) for language, words in _OTHERS.items()}
_ALL_OTHERS = frozenset().union(*_OTHER_WORDS.values())
# One word in four, two different ones, four for each of English: so are 38 of 180,143 paragraphs of
# the corpora, and of all but a poem and two credits the model says otherwise (0092).
_OTHER_SHARE, _FEWEST_OTHER, _OTHER_FOR_ENGLISH, _FEWEST_WORDS = 0.25, 2, 4, 5
_BEYOND_LATIN = "\N{GREEK CAPITAL LETTER HETA}"  # alphabets stand in order in Unicode
_FEWEST_OTHER_LETTERS = 10
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
    """Tell whether a paragraph is plainly in another language: by its letters, or by its words."""
    beginning = paragraph[:_BEGINNING]
    if _mostly_other_letters(beginning):
        return True
    likely = _likely(beginning)
    return bool(likely) and _modelled(paragraph) in likely


def may_be_foreign(paragraph: str) -> bool:
    """Tell whether `is_foreign` is worth asking; it takes a thousandth of its time."""
    beginning = paragraph[:_BEGINNING]
    return _mostly_other_letters(beginning) or bool(_likely(beginning))


def _mostly_other_letters(text: str) -> bool:
    if text.isascii():
        return False
    letters = [letter for letter in text if letter.isalpha()]
    other = sum(letter >= _BEYOND_LATIN for letter in letters)
    return len(letters) >= _FEWEST_OTHER_LETTERS and 2 * other > len(letters)


def _likely(text: str) -> list[str]:
    """Give the languages whose function words stand where English would have its own."""
    words = text.lower().split()
    english = sum(map(ENGLISH_WORDS.__contains__, words))
    fewest = max(_FEWEST_OTHER, _OTHER_SHARE * len(words), _OTHER_FOR_ENGLISH * english)
    if len(words) < _FEWEST_WORDS or sum(map(_ALL_OTHERS.__contains__, words)) < fewest:
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
