"""Where a complaint goes."""

from collections.abc import Mapping
from typing import Any

from shared.policy.evaluator import Evaluator, Result, result
from shared.policy.fields import Choice, Facts
from shared.policy.parameters import Entry, Parameters
from shared.policy.vocabulary import COMPLAINTS


def complaint_desks(about: str, parameters: Parameters) -> Entry:
    """The desks for a complaint about ``project``, ``designated_office`` or ``any_service`` (A-Q27).

    The value is a tuple of desks; a complaint bears no date, so the last published table counts.

    :raises ParameterError: the insurer has published no table.
    """
    return parameters.last("complaint.desks").at(about)


class ComplaintInput(Facts):
    """Input of ``complaint``."""

    about = Choice(COMPLAINTS, required=True, metadata={"title": "苦情の内容"})


def evaluate_complaint(facts: Mapping[str, Any], parameters: Parameters) -> Result:
    """``complaint`` as an evaluator (A-Q27)."""
    found = complaint_desks(facts["about"], parameters)
    return result({"to": list(found.value)}, ["A-Q27"], [found])


COMPLAINT = Evaluator("complaint", "苦情の窓口を案内する", ComplaintInput, evaluate_complaint)
