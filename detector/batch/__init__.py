"""Whole crawls: judged in named shards, each written whole, so that a rerun does only the rest."""

from detector.batch.plan import Machine, Rules
from detector.batch.running import add, run

__all__ = ["Machine", "Rules", "add", "run"]
