"""What a person needn't type: the lines and files of a submission, the cases of a statement."""

from dataclasses import replace

from services.billing.filing import Books, books_of, bundle
from services.billing.settlement import Due, settled_cases, settlement_due
from shared.node.errors import Refused
from shared.node.node import Node
from shared.node.service import Command
from shared.policy.dates import Month


def prepare_submission(source: Node | Books, command: Command) -> Command:
    """``SubmitClaims`` with its lines, where none were chosen, and with the files of its lines, where none were given.

    :raises Refused: a chosen line can't be written into a file.
    """
    fields = command.fields
    if fields["files"]:
        return command
    chosen = {(each["case"], each["kind"], each["service_month"]) for each in fields["lines"]} or None
    examined = Month.parse(fields["examination_month"])
    made = bundle(books_of(source), fields["claimant"], fields["route"], examined, chosen)
    if chosen is None:
        files = [each.row() for each in made.files]
        return replace(command, fields={**fields, "lines": list(made.lines), "files": files})
    for each in made.left_out:
        why = each.why
        named = f"ケース {str(each.case_id)[:8]} の {each.month}: {why.text}"
        raise Refused("line_left_out", named, field="lines", rule=why.rule, todo=why.todo)
    whole = len(made.lines) == len(chosen)  # else the decision says of each line why it can't go
    return replace(command, fields={**fields, "files": [each.row() for each in made.files] if whole else []})


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
