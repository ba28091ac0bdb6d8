"""Other means of finding an article's source, to hold the detector's own against.

Each is built over the haystack once and then asked: with 128 permutations and banding (MinHash),
by BM25 on a query's rarest words (a search engine), by TF-IDF cosine. All of them run on one core.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeAlias

import numpy as np

from training.rivals import shingles, words

# From queries to the places of their likeliest sources in the haystack, the likeliest first.
Ask: TypeAlias = Callable[[Sequence[str]], list[list[int]]]
Finder: TypeAlias = Callable[[Sequence[str]], Ask]

PERMUTATIONS = 128
RAREST = 20  # words of a query that the search engine is asked for
SLICE = 100  # queries whose cosines with the whole haystack are held at a time


def minhash(haystack: Sequence[str], *, bands: int, most: int) -> Ask:
    """Find what shares a band, ranked by the estimated Jaccard similarity."""
    from rensa import RMinHashLSH  # noqa: PLC0415 - for this measurement alone

    known = [_minhash(text) for text in haystack]
    index = RMinHashLSH(threshold=0.0, num_perm=PERMUTATIONS, num_bands=bands)
    index.insert_many(known)

    def ranked(text: str) -> list[int]:
        asked = _minhash(text)
        found = sorted(set(index.query(asked)), key=lambda i: (-asked.jaccard(known[i]), i))
        return found[:most]

    return lambda queries: [ranked(text) for text in queries]


def _minhash(text: str) -> Any:
    from rensa import RMinHash  # noqa: PLC0415 - for this measurement alone

    sketch = RMinHash(num_perm=PERMUTATIONS, seed=1)
    sketch.update([" ".join(shingle) for shingle in shingles(words(text))])
    return sketch


def bm25(haystack: Sequence[str], *, most: int) -> Ask:
    """Ask a search engine for the rarest words of each query."""
    import tantivy  # noqa: PLC0415 - for this measurement alone

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", tokenizer_name="en_stem")
    builder.add_unsigned_field("place", stored=True)
    index = tantivy.Index(builder.build())
    writer = index.writer(num_threads=1)
    for place, text in enumerate(haystack):
        writer.add_document(tantivy.Document(text=text, place=place))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()
    spread = Counter(word for text in haystack for word in set(words(text)))

    def ranked(text: str) -> list[int]:
        known = [word for word in set(words(text)) if word in spread]
        rarest = sorted(known, key=lambda word: (spread[word], word))[:RAREST]
        if not rarest:
            return []
        query = index.parse_query(" ".join(f'"{word}"' for word in rarest), ["text"])
        hits = searcher.search(query, most).hits
        return [int(searcher.doc(address)["place"][0]) for _, address in hits]

    return lambda queries: [ranked(text) for text in queries]


def cosine(haystack: Sequence[str], *, most: int) -> Ask:
    """Rank the whole haystack by the cosine of TF-IDF vectors of words."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - slow to load

    vectors = TfidfVectorizer(sublinear_tf=True, min_df=2, dtype=np.float32)
    known = vectors.fit_transform(haystack).T.tocsc()

    def ask(queries: Sequence[str]) -> list[list[int]]:
        asked = vectors.transform(queries)
        parts = range(0, len(queries), SLICE)
        near = ((asked[first : first + SLICE] @ known).toarray() for first in parts)
        return [row.tolist() for part in near for row in np.argsort(-part, kind="stable")[:, :most]]

    return ask


def finders(most: int) -> dict[str, Finder]:
    """Name all of them, each giving so many places at most."""
    return {
        "MinHash, 32 bands of 4": partial(minhash, bands=32, most=most),
        "MinHash, 64 bands of 2": partial(minhash, bands=64, most=most),
        "BM25, 20 rarest words": partial(bm25, most=most),
        "TF-IDF cosine": partial(cosine, most=most),
    }
