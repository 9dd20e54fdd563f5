"""What a person needn't type: the lines and files of a submission, the cases of a statement."""

from dataclasses import replace

from services.billing.filing import Books, books_of, bundle
from services.billing.settlement import Due, settled_cases, settlement_due
from shared.node.node import Node
from shared.node.service import Command
from shared.policy.dates import Month


def prepare_submission(source: Node | Books, command: Command) -> Command:
    """``SubmitClaims`` with its lines and files, where they were left empty."""
    fields = command.fields
    if fields["lines"] or fields["files"]:
        return command
    made = bundle(
        books_of(source), fields["claimant"], fields["route"], Month.parse(fields["examination_month"])
    )
    files = [each.row() for each in made.files]
    return replace(command, fields={**fields, "lines": list(made.lines), "files": files})


def prepare_settlement(source: Node | Books, command: Command) -> Command:
    """``StateSettlement`` with its cases, where they were left empty."""
    fields = command.fields
    if fields["cases"]:
        return command
    agency = books_of(source).situation().agency
    through = Month.parse(fields["examination_month"])
    found = settled_cases(agency, fields["centre"], fields["office"], through)
    return replace(command, fields={**fields, "cases": sorted(found)})


def due_of(source: Node | Books, centre: str, office: str, through: Month) -> Due:
    """What a statement of a centre to an office would hold now, and what still waits.

    :raises Refused: the share of a month was never published.
    """
    books = books_of(source)
    agency = books.situation().agency
    wanted = settled_cases(agency, centre, office, through)
    cases = {each: books.situation(each).case for each in sorted(wanted)}
    return settlement_due(agency, cases, centre, office, through)
