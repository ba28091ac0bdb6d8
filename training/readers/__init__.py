"""One reader a corpus: its files as originals and as pairs of a suspect and its source.

``READERS`` names them in the order of the registry. A reader takes the verified files by path and
deals with whatever is peculiar to its corpus; nothing downstream knows one corpus from another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from training.readers import (
    article_bias,
    asap,
    biscope,
    newswire,
    polished,
    refakes,
    rewrites,
    simplified,
    versions,
)
from training.readers.records import Corpus

Reader = Callable[[Mapping[str, bytes]], Corpus]

READERS: Mapping[str, Reader] = {
    "imbd": rewrites.imbd,
    "sheepdog": refakes.sheepdog,
    "llm_misinformation": refakes.llm_misinformation,
    "asap": asap.asap,
    "biscope": biscope.biscope,
    "mixset": polished.mixset,
    "ai_polished": polished.ai_polished,
    "hppt": rewrites.hppt,
    "article_bias": article_bias.article_bias,
    "onestop": simplified.onestop,
    "c50": newswire.c50,
    "versions": versions.versions,
    "bbc": newswire.bbc,
}
