"""What a rule answers when the facts given to it can't be true or are outside what the documents cover."""


class PolicyError(ValueError):
    """Facts that a rule does not accept.

    ``code`` is stable: ``unknown_evaluator``, ``unknown_field``, ``missing_field``, ``invalid_field``,
    ``out_of_range``, ``excluded_combination``, ``not_published``, ``unknown_insurer``,
    ``unknown_parameter``. ``field`` is the input's field, inside a list or a group its path (``services.0.units``);
    ``message`` is Japanese and says what was expected.
    """

    def __init__(self, code: str, field: str | None, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.field = field
        self.message = message

    def as_json(self) -> dict[str, str | None]:
        """``{"code", "field", "message"}``."""
        return {"code": self.code, "field": self.field, "message": self.message}


def excluded(field: str, message: str) -> PolicyError:
    """A combination that the rules exclude; ``field`` is the one to change."""
    return PolicyError("excluded_combination", field, message)
