"""What a command of staff says when it cannot be done."""


class Refused(ValueError):
    """The change would break a rule; the text, translated by whoever shows it, says which and what to do instead.

    `field` names the value at fault, for the form that asked.
    """

    def __init__(self, code: str, field: str = "", **values: object) -> None:
        self.code = code
        self.field = field
        self.values = values
        super().__init__(f"{code}: {values}" if values else code)
