"""How a kernel says that it cannot give a number: a word that never changes for programs, a sentence for people."""


class Refused(ValueError):
    """The input cannot carry the number that was asked for.

    `reason`: one stable word, such as "empty" or "too_few"; pages choose their own sentence by it.
    The text says what was wrong, where, and what would be right.
    """

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(text)
        self.reason = reason
