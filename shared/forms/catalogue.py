"""Every form that can be printed, in the order in which people look for them."""

from collections.abc import Mapping
from typing import Final, TypeVar

from shared.forms.agency_matter import AgencyMatter
from shared.forms.basic_information import BASIC_INFORMATION
from shared.forms.checklist import CHECKLIST
from shared.forms.claim_papers import DATA_MEDIUM, ENTRUSTMENT_CONTRACT, SETTLEMENT
from shared.forms.contract import CONSENT, CONTRACT
from shared.forms.evaluation import EVALUATION
from shared.forms.form import Form, Printout
from shared.forms.matter import Matter
from shared.forms.meeting import MEETING
from shared.forms.notification import NOTIFICATION
from shared.forms.plan import PLAN, WEEKLY_PLAN
from shared.forms.progress import PROGRESS
from shared.forms.rendering import bound, pdf
from shared.forms.requests import CORRECTION_APPLICATION, VIEWING_REQUEST
from shared.forms.review import REVIEW
from shared.forms.review_bundle import REVIEW_BUNDLE
from shared.forms.timeline import TIMELINE
from shared.forms.use_sheets import PROVISION_SHEET, USE_SHEET
from shared.forms.welfare_letter import WELFARE_LETTER

_ALL: Final = (
    NOTIFICATION,
    CONTRACT,
    CONSENT,
    BASIC_INFORMATION,
    CHECKLIST,
    PLAN,
    WEEKLY_PLAN,
    USE_SHEET,
    PROVISION_SHEET,
    MEETING,
    EVALUATION,
    PROGRESS,
    VIEWING_REQUEST,
    CORRECTION_APPLICATION,
    REVIEW,
    REVIEW_BUNDLE,
    WELFARE_LETTER,
    TIMELINE,
)

FORMS: Final[Mapping[str, Form[Matter]]] = {each.name: each for each in _ALL}
"""Name in addresses → form of a case."""

AGENCY_FORMS: Final[Mapping[str, Form[AgencyMatter]]] = {
    each.name: each for each in (ENTRUSTMENT_CONTRACT, DATA_MEDIUM, SETTLEMENT)
}
"""Name in addresses → form of an agency's own dealings."""

M = TypeVar("M")


def printouts(matter: Matter) -> list[Printout]:
    """Everything that can be printed for a case, form by form, of each the oldest first."""
    return [each for form in FORMS.values() for each in form.printouts(matter)]


def agency_printouts(matter: AgencyMatter) -> list[Printout]:
    """Everything that can be printed of an agency's own dealings, form by form, of each the oldest first."""
    return [each for form in AGENCY_FORMS.values() for each in form.printouts(matter)]


def found(form: Form[M] | None, matter: M, of: str | None = None) -> Printout | None:
    """The printout of a form and thing, the newest of the form where none is named; None without one."""
    every = list(form.printouts(matter)) if form else []
    return next((each for each in reversed(every) if of in (None, each.of)), None)


def printed(form: Form[M], matter: M, printout: Printout, *, training: bool) -> bytes:
    """The PDF of a printout."""
    fields = form.fields(matter, printout)
    if form.parts is None:
        return pdf(form.template, fields, training=training)
    return bound(form.template, fields, form.parts(matter, printout), training=training)
