"""Stage 1: bytes to articles, or to the reason why not."""

from detector.ingest.fields import from_record
from detector.ingest.reading import read, read_bytes

__all__ = ["from_record", "read", "read_bytes"]
