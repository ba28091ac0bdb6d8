"""Which of the ids that feeds give their items name them beyond the feed."""

import re


def lasting_id(given: str) -> str:
    """Keep an item's id where it is an address, a tag or a hash; else give "".

    Many feeds number their items, and two feeds would number alike.
    """
    return given if ":" in given or re.fullmatch(r"[0-9a-fA-F-]{32,}", given) else ""
