"""Official forms as PDF, of a case or of the agency: for screens, the API and the command line."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from shared.care.documents import Document
from shared.eventlog.model import UNREADABLE
from shared.forms import catalogue
from shared.forms.agency_matter import AgencyMatter
from shared.forms.form import Printout
from shared.forms.matter import Matter
from shared.node.errors import Refused
from shared.node.node import Node

_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class Listed:
    """A printout with the title of its form."""

    form_title: str
    printout: Printout

    @property
    def attachable(self) -> bool:
        """Whether the ledger has the document that it can be attached to."""
        return self.printout.document is not None


def matter_of(node: Node, case_id: UUID) -> Matter:
    """What the forms of a case are made from, now.

    :raises UnknownCase: the node knows nothing of the case.
    """
    replay, situation = node.replay(case_id), node.situation(case_id)
    return Matter(situation.me, situation.today, replay.case, replay.events, situation.agency, node.titles)


def listed(matter: Matter) -> list[Listed]:
    """Everything that can be printed for a case, form by form."""
    return [Listed(catalogue.FORMS[each.form].title, each) for each in catalogue.printouts(matter)]


def printed(node: Node, matter: Matter, name: str, of: str | None = None) -> tuple[Printout, bytes] | None:
    """A printout of a case and its PDF; None where the case has nothing for this form.

    Without ``of`` it is the newest. :raises Refused: the person was erased, nothing could stand on it.
    """
    form = catalogue.FORMS.get(name)
    found = catalogue.found(form, matter, of)
    if form is None or found is None:
        return None
    if matter.case.id is not None:
        refuse_erased(node, matter.case.id)
    return found, catalogue.printed(form, matter, found, training=node.training)


def refuse_erased(node: Node, case_id: UUID) -> None:
    """:raises Refused: the person was erased here, so nothing could stand on a form."""
    if erased(node, case_id):
        raise Refused(
            "person_erased",
            "このケースの個人情報はこの事業所では消去されています。様式は作れません",
            todo="台帳に残した様式も、ハッシュと大きさの記録だけが残っています",
        )


def erased(node: Node, case_id: UUID) -> bool:
    """Whether the person was erased here."""
    return case_id in node.keys.destroyed([case_id])


def agency_listed(node: Node) -> list[Listed]:
    """Everything that can be printed of this agency's own dealings; nobody's name is read for it."""
    found = catalogue.agency_printouts(_agency_matter(node))
    return [Listed(catalogue.AGENCY_FORMS[each.form].title, each) for each in found]


def agency_found(node: Node, name: str, of: str | None = None) -> Printout | None:
    """What would be printed: whose cases are on it must be recorded before it is."""
    return catalogue.found(catalogue.AGENCY_FORMS.get(name), _agency_matter(node), of)


def agency_printed(node: Node, printout: Printout) -> bytes:
    """The PDF of a form of this agency's own dealings, with the names of the persons that it lists."""
    matter = replace(_agency_matter(node), persons=_names(node, [UUID(each) for each in printout.cases]))
    return catalogue.printed(catalogue.AGENCY_FORMS[printout.form], matter, printout, training=node.training)


def _agency_matter(node: Node) -> AgencyMatter:
    situation = node.situation()
    return AgencyMatter(situation.me, situation.today, situation.agency)


def _names(node: Node, cases: Sequence[UUID]) -> dict[str, str]:
    """Case → its person's name, from the openings; those that can't be read are left out."""
    found: dict[str, str] = {}
    for begun in range(0, len(cases), _PAGE):
        for row in node.log.openings(list(cases[begun : begun + _PAGE])):
            assert row.case_id is not None
            (event,) = node.with_personal(row.case_id, [row])
            name = (event.personal or {}).get("name")
            if name and name not in UNREADABLE:
                found[str(row.case_id)] = str(name)
    return found


def attaching_fields(document: Document, title: str) -> dict[str, object]:
    """The fields by which the attach command finds the document of a printout."""
    return {
        "document": document.kind,
        "dated": None if document.month else document.made_on.isoformat(),
        "month": document.month,
        "version": document.version,
        "file_name": f"{title}.pdf",
    }
