"""Whole crawls: judged in named shards, each written whole, so that a rerun does only the rest."""

from detector.batch.plan import Rules
from detector.batch.running import run

__all__ = ["Rules", "run"]
