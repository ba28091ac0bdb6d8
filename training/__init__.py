"""Training: corpora, pairs, feature table, model, evaluation, card and gate."""
