"""One form for every character: what a reader sees alike is spelt alike.

Quotation marks and apostrophes become straight ones, an ellipsis three stops, every space a plain
space. What cannot be seen goes; letters that only look Latin become Latin.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from detector.language import surely_english

if TYPE_CHECKING:
    from re import Match

_FORMS = {
    "\n": "\n",
    "\t": " ",
    **dict.fromkeys("\r\v\f\u2028\u2029", "\n"),
    **dict.fromkeys("“”„‟«»〝〞″", '"'),
    **dict.fromkeys("‘’‚‛‹›′`´ʼʹ", "'"),
    **dict.fromkeys("‐‑−⁃", "-"),
    **dict.fromkeys("―‒⸺⸻", "—"),
    "…": "...",
    # Blank, though Unicode counts them as letters, marks or symbols.
    **dict.fromkeys("\u115f\u1160\u3164\uffa0\u2800", " "),
    **dict.fromkeys("\u034f\u17b4\u17b5\u180b\u180c\u180d", ""),
    **dict.fromkeys(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))), ""),
    # What NFC could not join to a letter; enclosing marks go by their category.
    **dict.fromkeys(map(chr, range(0x300, 0x370)), ""),
}
# Letters whose marks English names do without: Vietnamese, medieval and transliterated ones.
_RARELY_MARKED = re.compile("[\u01cd-\u0233\u1e00-\u1eff]")
_BY_CATEGORY = {"Cc": "", "Cf": "", "Co": "", "Cs": "", "Me": "", "Zs": " "}
# Full-width forms, ligatures and the mathematical alphabets, which spinners type words with.
_COMPATIBLE = re.compile("[\uff01-\uff5e\ufb00-\ufb06\U0001d400-\U0001d7ff]")

# UTF-8 that was read as Windows-1252: a lead byte, then one to three continuation bytes. Only lead
# bytes of what English text has, for "É" before a closing mark is no misreading.
_CONTINUATION = "\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_MISREAD = re.compile(f"[ÂÃ][{_CONTINUATION}]|[âï][{_CONTINUATION}]{{2}}|ð[{_CONTINUATION}]{{3}}")
_MISREAD_LEADS = "ÂÃâïð"
# A closing mark whose last byte, undefined in Windows-1252, got lost; a space that turned plain.
_CUT_SHORT = (("â€", '"'), ("Â ", " "), ("Â\n", "\n"))
# Mac Roman that was read as Latin-1: no word has such a capital inside it or at its end.
_MAC_APOSTROPHE = re.compile("(?<=[a-z])Õ(?=[a-z])")
_MAC_QUOTED = re.compile(r"(?<!\w)Ò(?=\S)((?:[^ÒÓ\n]|\n(?!\n)){1,2000}?)(?<=[a-z\d.,!?])Ó(?!\w)")
_LOST_APOSTROPHE = re.compile("(?<=[A-Za-z])\ufffd(?=(?:s|t|re|ve|ll|d|m)\\b)")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8}\d?);")

_LOOK_ALIKE = str.maketrans(
    "аеорсухіјѕһԁԛԝѵӏүАВЕКМНОРСТУХІЈЅԌԚԜҮ" + "οανρικυχϲΑΒΕΖΗΙΚΜΝΟΡΤΥΧ" + "օսոհցզյ" + "ɡɑɩᴄᴏᴠᴡᴢ",
    "aeopcyxijshdqwvlyABEKMHOPCTYXIJSGQWY" + "oavpikuxcABEZHIKMNOPTYX" + "ounhgqj" + "gaicovwz",
)
# Share of words with accents; of 60,794 texts of the corpora none has more than .097.
_MOST_ACCENTED = 0.1
# Fewer words are a title or a name, where one accent is many.
_FEWEST_WORDS = 20
# Other letters that may look Latin, in brackets of a pattern.
FOREIGN_LETTERS = "\u0370-\u058fɡɑɩᴄᴏᴠᴡᴢ"
_FOREIGN_LETTER = re.compile(f"[{FOREIGN_LETTERS}]")
_WORD = re.compile(r"[^\W\d_]+")
_LATIN_LETTER = re.compile("[A-Za-z]")


def fold(text: str) -> str:
    """Give every character its one form; folding a folded text changes nothing."""
    while (folded := _fold_once(text)) != text:
        text = folded
    return text


def _fold_once(text: str) -> str:
    """Repair and replace; a repair can uncover another, so this is run until it rests."""
    text = text.replace("\r\n", "\n").replace("`` ", '"').replace("``", '"')
    text = decoded(text)
    if not text.isascii():
        text = _without_look_alikes(text)
    for character in set(text):
        plain = _plain(character)
        if plain != character:
            text = text.replace(character, plain)
    return text


def decoded(text: str) -> str:
    """Resolve entities and undo wrong decodings, in NFC."""
    if "&" in text:
        text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    return text if text.isascii() else _repaired(unicodedata.normalize("NFC", text))


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    """Return the one form of a character, empty for what cannot be seen."""
    if character in _FORMS:
        return _FORMS[character]
    if "\x80" <= character <= "\x9f":
        read = character.encode("latin-1").decode("cp1252", "ignore")
        return _FORMS.get(read, read)
    if _COMPATIBLE.match(character):
        return unicodedata.normalize("NFKC", character)
    if _RARELY_MARKED.match(character):
        return unicodedata.normalize("NFD", character)[0]
    return _BY_CATEGORY.get(unicodedata.category(character), character)


def _repaired(text: str) -> str:
    """Undo the usual wrong decodings of quotation marks and accented letters."""
    if any(lead in text for lead in _MISREAD_LEADS):
        while (again := _MISREAD.sub(_read_again, text)) != text:
            text = again
    for broken, mended in _CUT_SHORT:
        text = text.replace(broken, mended)
    if "Õ" in text or "Ò" in text:
        text = _MAC_QUOTED.sub(r'"\1"', _MAC_APOSTROPHE.sub("'", text))
    return _LOST_APOSTROPHE.sub("'", text) if "\ufffd" in text else text


def _read_again(misread: Match[str]) -> str:
    """Decode what was read as Windows-1252 as the UTF-8 that it is, if it is."""
    try:
        return b"".join(map(_byte, misread[0])).decode("utf-8")
    except UnicodeDecodeError:
        return misread[0]


def _byte(character: str) -> bytes:
    try:
        return character.encode("cp1252")
    except UnicodeEncodeError:
        return character.encode("latin-1")


def _without_look_alikes(text: str) -> str:
    """Spell words that mix Latin letters with look-alikes in Latin letters alone.

    Where such a word stands, words wholly of look-alikes are taken for Latin too: who hides the
    "a" of "bank" hides the article "a" as well.
    """
    if not _FOREIGN_LETTER.search(text):
        return text
    foldable = {
        word: folded
        for word in set(_WORD.findall(text))
        if _FOREIGN_LETTER.search(word) and (folded := word.translate(_LOOK_ALIKE)).isascii()
    }
    if not any(map(mixes_alphabets, foldable)):
        return text
    return _WORD.sub(lambda word: foldable.get(word[0], word[0]), text)


def mixes_alphabets(word: str) -> bool:
    """Tell whether a word is spelt in Latin letters and in letters that only look Latin."""
    return (
        _LATIN_LETTER.search(word) is not None
        and _FOREIGN_LETTER.search(word) is not None
        and word.translate(_LOOK_ALIKE).isascii()
    )


def without_disguise(text: str) -> str:
    """Take the accents off a text whose words are English and have many accents.

    Where they stand on every third word they hide it from whoever compares words. Texts of other
    languages keep theirs: their plain form would read as no language's.
    """
    return _WORD.sub(lambda word: _bare(word[0]), text) if disguising_accents(text) else text


def disguising_accents(text: str) -> set[str]:
    """Give the accented words of a text that is disguised by them; none of any other."""
    if not any(c.isalnum() and not c.isascii() for c in set(text)):
        return set()
    words = _WORD.findall(text)
    bare = [word if word.isascii() else _bare(word) for word in words]
    accented = [word for word, plain in zip(words, bare, strict=True) if word != plain]
    if len(words) < _FEWEST_WORDS or len(accented) <= _MOST_ACCENTED * len(words):
        return set()
    return set(accented) if surely_english(bare) else set()


def _bare(word: str) -> str:
    """Spell a word without accents."""
    if word.isascii():
        return word
    return "".join(c for c in unicodedata.normalize("NFD", word) if unicodedata.category(c) != "Mn")
