"""What an article shows programs and not readers, or the reverse."""

from __future__ import annotations

from collections.abc import Iterator

from detector.evidence.reasons import Weighed, counted
from detector.records import Article, Evidence

# Of 29,100 news articles of the corpora seven have a word with look-alikes or invisible characters
# inside, and none more than two different ones; texts about proteins name three ("TNFα").
FEWEST_DISGUISED = 5
# A paragraph. Of 181 pages and 1,194 items of feeds none hides so much inside its text; in the wild
# crawls one page does, a shop whose menus were taken for its text.
FEWEST_HIDDEN = 40
# Scripts that show text on demand, as menus do, hide it as well.
HIDDEN_STRENGTH = 0.5


def disguised(article: Article) -> Iterator[Weighed]:
    """Count disguised words: nearly no honest text has several. Hidden text is often harmless."""
    found = (
        (article.lookalike_words, "spelt with look-alikes of Latin letters or with stray marks"),
        (article.parted_words, "with invisible characters inside"),
    )
    if sum(words for words, _ in found) >= FEWEST_DISGUISED:
        parts = [f"{counted(words, 'different word')} {how}" for words, how in found if words]
        yield Weighed(1.0, Evidence("disguised_words", f"The text holds {' and '.join(parts)}."))
    if article.hidden_words >= FEWEST_HIDDEN:
        text = (
            f"Markup hides {article.hidden_words} words between the paragraphs from readers; they "
            "are no part of what is judged."
        )
        yield Weighed(HIDDEN_STRENGTH, Evidence("hidden_text", text))
