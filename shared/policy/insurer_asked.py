"""Which insurer somebody means by a number that they typed (decision 16)."""

from shared.policy.identifiers import insurer_number
from shared.policy.parameters import ParameterError, Parameters, parameters


def insurer_asked(typed: str) -> Parameters:
    """The parameters of an insurer by its number as people type it; full-width digits are digits.

    :raises ParameterError: there is none of that number; the message says what is wrong with it, and for a municipality
        code the right number.
    """
    number = insurer_number(typed)
    try:
        return parameters(number.number)
    except ParameterError as problem:
        said = " ".join([*number.warnings, problem.message])
        raise ParameterError(problem.code, number.number, said) from problem
