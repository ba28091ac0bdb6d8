"""Tests of detector.language."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.language import detect, english_share, is_foreign

REPORT = (
    "The ferry that has linked Harbour Falls with the island of Sorrel since 1911 will stop at the "
    "end of the month, the mayor said on Tuesday, because nobody would pay for a new engine."
)
GARBLED = (
    "The ferri that have bound Port Drops with the isle of acedera from 1911 will halt to the end "
    "of the mes, the alcalde said the Martes, because any would not pay by a new motor queaparejo."
)


@pytest.mark.parametrize("text", [REPORT, GARBLED], ids=["report", "garbled"])
@pytest.mark.parametrize("case", [str, str.lower, str.upper])
def test_english_is_english_in_any_case(text: str, case: type[str]) -> None:
    """Upper and lower case, broken grammar and foreign words leave English English."""
    assert detect(case(text)) == "en"


def test_english_is_recognised_without_its_function_words() -> None:
    """A list of English words, where hardly a function word stands, is left to the model."""
    listed = "Fresh bread, smoked cheese, garden tools, wooden toys, children's clothing, knitwear"

    assert english_share(listed.split()) == 0
    assert detect(listed) == "en"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "El transbordador que une Puerto Caído con la isla desde 1911 dejará de navegar a fin "
            "de mes, dijo el martes la alcaldesa, porque nadie quiere pagar un motor nuevo.",
            "es",
        ),
        (
            "Le bac qui relie le port à l'île depuis 1911 cessera de naviguer à la fin du mois, a "
            "dit mardi la mairesse, car personne ne veut payer un nouveau moteur.",
            "fr",
        ),
        (
            "Die Fähre, die den Hafen seit 1911 mit der Insel verbindet, stellt Ende des Monats "
            "den Betrieb ein, sagte die Bürgermeisterin am Dienstag, weil niemand zahlt.",
            "de",
        ),
        (
            "De veerboot die de haven sinds 1911 met het eiland verbindt, stopt eind van de "
            "maand, zei de burgemeester dinsdag, omdat niemand een nieuwe motor wil betalen.",
            "nl",
        ),
        ("この港と島を結ぶ渡し船は、今月末で運航を終える。", "ja"),
        ("Паром, который с 1911 года связывает порт с островом, остановится в конце месяца.", "ru"),
    ],
)  # fmt: skip
def test_other_languages_are_named(text: str, language: str) -> None:
    """A report in another language is called by that language's code."""
    assert detect(text) == language


@pytest.mark.parametrize("text", ["", "  ", "12 34 56", "Gone.", "*** — ***"])
def test_too_little_is_unknown(text: str) -> None:
    """Fewer than twenty letters say nothing about their language."""
    assert detect(text) == "und"


@given(st.text(max_size=20))
def test_any_text_has_an_answer(text: str) -> None:
    """Whatever the text, the answer is a short lower-case tag."""
    answer = detect(text)

    assert answer.isalpha()
    assert answer.islower()


def test_the_language_model_is_not_loaded_for_english() -> None:
    """Plain English is recognised without the cost of the language model."""
    code = (
        "import sys; from detector.language import detect; "
        f"assert detect({REPORT!r}) == 'en'; assert 'py3langid' not in sys.modules"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    "line",
    [
        "El puerto cierra por la huelga de los prácticos",
        "Le port ferme à cause de la grève des pilotes",
        "Der Hafen schließt wegen eines Streiks der Lotsen und die Fähre liegt still",
        "Il porto chiude per lo sciopero dei piloti della baia",
        "De haven sluit en het veer ligt stil",
        "O porto fecha por causa da greve dos práticos",
        "Порт закрыт из-за забастовки лоцманов",
        "港口因引航员罢工而关闭三天",
    ],
)
def test_a_line_in_another_language_is_foreign(line: str) -> None:
    """A headline is enough where function words of that language stand in it."""
    assert is_foreign(line)


@pytest.mark.parametrize(
    "line",
    [
        "Esteban de la Cruz beats Marta van den Berg in Las Palmas de Gran Canaria",
        "Harbour pilots strike, ferry lies still",
        'The mayor of Port Salis told the pilots: "No nos moverán de aquí", and they cheered.',
        "Update at 7:17 p.m. ET",
        "El Faro",
        "",
    ],
)
def test_foreign_names_and_phrases_leave_a_line_english(line: str) -> None:
    """Names, a quotation in an English sentence, and lines without function words are English."""
    assert not is_foreign(line)
