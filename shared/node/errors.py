"""How a node says no: every error names what is wrong, where, by which rule, and what to do."""

from collections.abc import Mapping


class Refused(Exception):
    """A command that law, a contract or the state of the case forbids.

    ``code`` is stable and in snake case; ``message`` and ``todo`` are Japanese; ``rule`` is a rule id (``T-06``).
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        field: str | None = None,
        rule: str | None = None,
        todo: str | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
        self.rule = rule
        self.todo = todo


class InvalidFields(Exception):
    """A command with missing or wrong fields; ``errors`` maps each field to Japanese messages."""

    def __init__(self, errors: Mapping[str, object]) -> None:
        super().__init__("; ".join(f"{name}: {problem}" for name, problem in errors.items()))
        self.errors = errors


class UnknownCommand(Exception):
    """This agency's role has no command of that name."""


class UnknownCase(Exception):
    """This node knows no case of that id."""


class Conflict(Exception):
    """The state kept changing while the command was decided; nothing was written, so it can be sent again."""
