"""The errors that a user's mistake can cause; anything else is a bug and keeps its traceback."""


class DetectorError(Exception):
    """Something the user can mend.

    Parameters
    ----------
    what : what is wrong and where, in one sentence
    hint : what to do next
    """

    def __init__(self, what: str, *, hint: str) -> None:
        super().__init__(what)
        self.hint = hint
