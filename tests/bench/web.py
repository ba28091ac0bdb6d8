"""Pages to articles fit for a verdict, against the extractor by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from html import escape
from typing import Any

from inputs import Material
from row import Row, each

from detector.clean import clean, unfit
from detector.ingest import read_bytes
from detector.records import Article

# What stands around an article on the pages of many sites; the town and its people are invented.
_HEAD = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title} | Brackwater Courier</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta property="og:type" content="article"><meta property="og:title" content="{title}">
<link rel="canonical" href="https://courier.example/news/{number}">
<meta property="article:published_time" content="2026-03-02T08:{minute:02}:00Z">
<style>{style}</style><script>{script}</script>
<script type="application/ld+json">{facts}</script></head>
<body class="article-page"><div id="consent" class="cookie-banner"><p>We and our 214 partners store
cookies on your device. <a href="/cookies">Choose</a></p><button>Agree</button></div>
<header class="site-header"><a class="logo" href="/">Brackwater Courier</a>
<nav class="main-menu"><ul>{menu}</ul></nav><form action="/search"><input name="q"></form></header>
<div class="columns"><main><article><h1>{title}</h1>
<p class="byline">By <a rel="author" href="/by/ines-quillfeather">Ines Quillfeather</a></p>
<div class="share"><a href="/share/a">Share</a><a href="/share/b">Send</a></div>
<div class="article-body">
"""
_FOOT = """</div></article>
<section class="newsletter"><h3>The Courier at breakfast</h3><p>Our mail for early risers.</p>
<form><input type="email"><button>Sign up</button></form></section>
<section class="comments"><h3>Comments</h3>{comments}</section></main>
<aside class="sidebar"><h3>Most read</h3><ol>{related}</ol></aside></div>
<footer class="site-footer"><ul>{menu}</ul><p>Copyright Brackwater Courier. All rights reserved.</p>
</footer><script>{script}</script></body></html>
"""
_SECTIONS = ("Home", "Harbour", "Council", "Business", "Sport", "Weather", "Letters", "Archive")
_MENU = "".join(f'<li><a href="/{s.lower()}">{s}</a></li>' for s in _SECTIONS)
_RELATED = "".join(
    f'<li class="teaser"><a href="/news/{i}"><img src="/i/{i}.jpg" alt="">Story {i} of the week</a>'
    "</li>"
    for i in range(20)
)
_COMMENTS = "".join(
    f'<div class="comment"><b>reader{i}</b><p>I walked past there on day {i} and saw it too.</p>'
    f'<a href="#reply{i}">Reply</a></div>'
    for i in range(15)
)
_STYLE = "".join(f".c{i} {{margin: {i}px; padding: 0 {i}px}}\n" for i in range(300))
_SCRIPT = "".join(f"window.q = window.q || []; q.push(['event', {i}]);\n" for i in range(300))


def page(article: Article, number: int) -> bytes:
    """Put an article on a page of its own."""
    first, *_ = article.text.split(".")
    title = escape(" ".join(first.split()[:9]))
    facts = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": title}
    around = {"menu": _MENU, "script": _SCRIPT, "related": _RELATED, "comments": _COMMENTS}
    around |= {"style": _STYLE, "title": title, "facts": json.dumps(facts)}
    body = "\n".join(f"<p>{escape(block)}</p>" for block in article.text.split("\n\n"))
    head = _HEAD.format(number=number, minute=number % 60, **around)
    return (head + body + _FOOT.format(**around)).encode()


def web(over: Material) -> Iterator[Row]:
    """Compare pages to clean articles with the extractor alone, set as we set it."""
    from trafilatura import bare_extraction

    pages = [page(article, number) for number, article in enumerate(over.articles)]

    def ours(data: bytes) -> Article | None:
        (read,) = read_bytes(data, name="page")
        cleaned = clean(read) if isinstance(read, Article) else None
        return cleaned if cleaned and not unfit(cleaned) else None

    def theirs(data: bytes) -> object:
        return bare_extraction(data.decode(), fast=True, include_comments=False)

    def facts() -> dict[str, Any]:
        fit = [article for article in map(ours, pages) if article]
        words = sum(len(article.text.split()) for article in over.articles)
        return {
            "pages": len(pages),
            "page_bytes": sum(map(len, pages)) // len(pages),
            "fit": len(fit),
            "words_of_those_written": round(sum(len(a.text.split()) for a in fit) / words, 3),
        }

    sides = partial(each, ours, pages), partial(each, theirs, pages)
    yield Row("pages to clean articles", "trafilatura", None, *sides, facts)
