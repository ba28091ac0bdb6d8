"""Where the stages run: the local engine (joblib and DuckDB), and Spark as an extra.

An engine is a thin adapter. It moves record batches to the stages' pure functions and tables to
the shared SQL, and knows nothing about articles: the same input gives the same rows on each.
"""
