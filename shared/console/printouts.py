"""Official forms of a case as PDF: for screens, the API and the command line."""

from dataclasses import dataclass
from uuid import UUID

from shared.care.documents import Document
from shared.forms import catalogue
from shared.forms.form import Printout
from shared.forms.matter import Matter
from shared.node.errors import Refused
from shared.node.node import Node


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
    found = catalogue.found(matter, name, of)
    if found is None:
        return None
    if matter.case.id is not None and matter.case.id in node.keys.destroyed([matter.case.id]):
        raise Refused(
            "person_erased",
            "このケースの個人情報は保存期間の終了により消去されています。様式は作れません",
            todo="台帳に残した様式も、ハッシュと大きさの記録だけが残っています",
        )
    return found, catalogue.printed(matter, found, training=node.training)


def attaching_fields(document: Document, title: str) -> dict[str, object]:
    """The fields by which the attach command finds the document of a printout."""
    return {
        "document": document.kind,
        "dated": None if document.month else document.made_on.isoformat(),
        "month": document.month,
        "version": document.version,
        "file_name": f"{title}.pdf",
    }
