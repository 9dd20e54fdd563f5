"""How a node says no: every error names what is wrong, where, by which rule, and what to do."""

from collections.abc import Iterator, Mapping


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
    """A command with missing or wrong fields; ``errors`` maps each field to Japanese messages or to those inside."""

    def __init__(self, errors: Mapping[str, object]) -> None:
        self.errors = errors
        super().__init__("; ".join(f"{path}: {'、'.join(told)}" for path, told in self.by_path()))

    def by_path(self) -> Iterator[tuple[str, list[str]]]:
        """Each wrong field by its path (``services.0.provider``), with its messages."""
        return _by_path(self.errors)

    @property
    def field(self) -> str | None:
        """The path of the first wrong field."""
        return next((path for path, _ in self.by_path()), None)


def _by_path(errors: Mapping[str, object], within: str = "") -> Iterator[tuple[str, list[str]]]:
    for name, problem in errors.items():
        path = within if name == "_schema" and within else f"{within}.{name}" if within else str(name)
        if isinstance(problem, Mapping):
            yield from _by_path(problem, path)
        else:
            yield path, [str(each) for each in problem] if isinstance(problem, list) else [str(problem)]


class UnknownCommand(Exception):
    """This agency's role has no command of that name."""


class UnknownCase(Exception):
    """This node knows no case of that id."""


class Conflict(Exception):
    """The state kept changing while the command was decided; nothing was written, so it can be sent again."""
