"""What can be done to an article: by machine, by an editor's hand, with scissors.

Each rewriter is a function of a text and a seeded generator; it says how strongly it works and how
true to life it is. None keeps state, so the same seed gives the same text.

==================  ======================================================================
`prose`             paragraphs and sentences, taken apart and put together
`thesaurus`         MyThes and WordNet, read alike
`inflection`        bending a replacement as the word it replaces was bent
`spinner`           synonym spinning
`spintax`           templates with alternatives, and their expansion
`sentences`         splitting, joining and shuffling sentences
`roundtrip`         translation there and back by Apertium
`mixtures`          a part rewritten, two sources merged
`copyedit`          light edits as an editor makes them
`excerpts`          some paragraphs of many
==================  ======================================================================
"""
