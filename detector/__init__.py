"""Say which earlier article an article was made from, how, how sure that is, and why.

The way of the data, in order; a stage imports only stages before it::

    records      every record that crosses a stage boundary
    errors       what a user's mistake is turned into
    hosts        registrable domains and canonical URLs
    licences     who may republish whom
    dates        publication times, always UTC
    ingest       bytes -> Article | Rejected, one file a kind of input
    language     which language a text is in
    clean        boilerplate, Unicode, look-alikes, spacing; idempotent
    attribution  whether an article credits the one that it takes from
    lexicon      the shipped word lists
    tokens       an article's words by number, and what is known of each
    segment      paragraphs, sentences, words, with offsets
    quoting      where quotations stand, and what became of them
    numerals     numbers in words or figures, read as the source has them
    respelling   spelling errors, read as the source's words
    sketch       the telling terms that an article is found by
    candidates   sketches -> Pairs, by SQL
    align        which words were copied, substituted, moved, and which are new
    sources      the best of several aligned articles, and the others
    features     measurements, declared once, in an ordered registry
    passages     the part of a suspect that was rewritten, by itself
    readability  textstat by name, never downloading
    calibrate    probabilities that mean what they say
    estimators   fitted trees and lines as plain arrays
    shift        how a suspect's style and words lie from its source's
    model_folder  a model's files, refused where they are not intact
    classify     the shipped model's opinion of a row of features
    evidence     what drove it, in plain sentences with their places
    verdict      thresholds and abstention
    mixture      shares corrected for the classifier's errors
    rollup       verdicts -> what may be said of a site
    origins      where chains of copies begin
    store        how results are stored: whole files or none
    terminal     lines and tables that no foreign text can steer
    phrases      verdicts in words: relations, reasons, likelihoods
    report       results for people and for programs
    pipeline     the story on one screen
    engines      where the stages run
    archive      articles seen before, and what was said of them
    batch        whole crawls, in shards
    overview     a judged crawl on one screen
    pages        pairs, sites and crawls as pages for people
    dossier      the evidence for one pair, ready to attach
    demo         a bundled crawl of fictional news
    questions    what a caller of the command line asks
    exits        how a command ends: status and message
    console      what the commands share: options, progress
    archive_cli  the commands about the archive
    describing_cli  the commands that describe: readability, features, model
    cli          the commands

The names below are the public ones; all else is reached by module and may change. They are
imported when first used, so that ``import detector`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from detector.classify import load_model
    from detector.errors import DetectorError
    from detector.features import FEATURES
    from detector.pipeline import judge
    from detector.records import Article, Verdict

__version__ = "0.1.0"

_HOMES = {
    "Article": "records",
    "Verdict": "records",
    "DetectorError": "errors",
    "FEATURES": "features",
    "load_model": "classify",
    "judge": "pipeline",
}
__all__ = [
    "FEATURES",
    "Article",
    "DetectorError",
    "Verdict",
    "__version__",
    "judge",
    "load_model",
]


def __getattr__(name: str) -> object:
    """Import a public name from its module."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
