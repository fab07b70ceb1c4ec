"""What a command of the agreement says when it cannot be done."""

from collections.abc import Sequence

from treaty.agreements.rules import ClauseProblem


class Refused(ValueError):
    """The act would break a rule; `code` says which, and `agreements.wording` says it to people."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(f"{code}: {values}" if values else code)
        self.code = code
        self.values = values


class NotValid(Refused):
    """The document cannot be carried out; `problems` say which clause, why, and what would be valid."""

    def __init__(self, problems: Sequence[ClauseProblem]) -> None:
        super().__init__("not_valid", number=len(problems))
        self.problems = tuple(problems)
