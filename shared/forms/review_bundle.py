"""The nine ★ documents of a plan review (計画の検証) bound in one, behind their contents page (T-50, T-51, T-55)."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from contracts.codes import STARRED
from shared.care.parts import Original
from shared.forms.basic_information import BASIC_INFORMATION
from shared.forms.checklist import CHECKLIST
from shared.forms.evaluation import EVALUATION
from shared.forms.form import Fields, Form, Part, Printout
from shared.forms.matter import Matter
from shared.forms.meeting import MEETING
from shared.forms.plan import PLAN, WEEKLY_PLAN
from shared.forms.progress import PROGRESS
from shared.forms.review import REVIEW, documents_of

_TITLE: Final = "計画の検証の書類一式（目次つき）"
_FORMS: Final[Mapping[str, Form[Matter]]] = {
    "basic_information": BASIC_INFORMATION,
    "basic_checklist": CHECKLIST,
    "plan": PLAN,
    "weekly_plan": WEEKLY_PLAN,
    "meeting_record": MEETING,
    "monitoring": PROGRESS,
    "evaluation": EVALUATION,
}
"""★ document → the form on which it is printed; the others are the office's own papers and are bound by hand."""


def _printouts(matter: Matter) -> Sequence[Printout]:
    return [Printout("review-bundle", each.of, _TITLE, each.dated) for each in REVIEW.printouts(matter)]


def _sheets(matter: Matter, kind: str, original: Original | None) -> list[tuple[Form[Matter], Printout]]:
    """The printouts that are this document, by the days that the contents page names."""
    form = _FORMS.get(kind)
    if form is None or original is None:
        return []
    return [
        (form, each)
        for each in form.printouts(matter)
        if each.document is not None
        and each.document.kind == kind
        and each.dated is not None
        and original.first <= each.dated <= original.last
    ]


def _sections(matter: Matter, printout: Printout) -> list[list[tuple[Form[Matter], Printout]]]:
    held = {each.kind: each for each in documents_of(matter, printout.of)[0]}
    return [_sheets(matter, kind, held.get(kind)) for kind in STARRED]


def _fields(matter: Matter, printout: Printout) -> Fields:
    contents = dict(REVIEW.fields(matter, printout))
    documents: list[dict[str, Any]] = []
    taken = 0
    for each, sheets in zip(contents["documents"], _sections(matter, printout), strict=True):
        documents.append({**each, "parts": list(range(taken, taken + len(sheets)))})
        taken += len(sheets)
    return {**contents, "title": "介護予防サービス計画の検証　提出書類一式", "documents": documents}


def _parts(matter: Matter, printout: Printout) -> Sequence[Part]:
    return [
        Part(form.template, form.fields(matter, each))
        for sheets in _sections(matter, printout)
        for form, each in sheets
    ]


REVIEW_BUNDLE: Final = Form("review-bundle", _TITLE, "review_bundle", _printouts, _fields, _parts)
