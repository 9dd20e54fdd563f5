"""What a person needn't type: the lines and files of a submission, the cases of a statement."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from contracts.claim_codes import SUBMITTED_KINDS
from services.billing.books import Books, books_of
from services.billing.filing import LeftOut, bundle
from services.billing.settlement import Due, settled_cases, settlement_due
from services.billing.submission import LEFT_OUT
from shared.node.errors import Refused
from shared.node.node import Node
from shared.node.service import Command
from shared.policy.dates import Month, month_text


def prepare_submission(source: Node | Books, command: Command) -> Command:
    """``SubmitClaims`` with its lines, where none were chosen, and with the files of its lines as they are made here.

    What whoever asks says of the files is only compared: the event commits to what this node made (A-Q33).

    :raises Refused: a chosen line can't be written into a file, or the files that were given are others.
    """
    fields = command.fields
    chosen = {(each["case"], each["kind"], each["service_month"]) for each in fields["lines"]} or None
    examined = Month.parse(fields["examination_month"])
    made = bundle(
        books_of(source),
        fields["claimant"],
        fields["route"],
        examined,
        chosen,
        insurer=fields["insurer"] if fields["route"] == "ward" else None,
    )
    lines: Sequence[Mapping[str, Any]] = fields["lines"]
    if chosen is None:
        lines = made.lines
    elif made.left_out:
        raise _left_out(made.left_out[0])
    elif len(made.lines) != len(chosen):
        # One of them is nobody's to make: the decision says which, and why.
        return replace(command, fields={**fields, "files": []})
    files = [each.row() for each in made.files]
    if fields["files"] and _by_name(fields["files"]) != _by_name(files):
        raise Refused(
            "files_differ",
            "渡されたファイルが、いまの記録から作ったファイルとちがいます",
            field="files",
            rule="A-Q33",
            todo="ファイルを作り直し、同じ明細で提出してください（ファイルの欄は空欄でもかまいません）",
        )
    left_out = [_told(each) for each in made.left_out]
    return replace(command, fields={**fields, "lines": list(lines), "files": files, LEFT_OUT: left_out})


def _left_out(part: LeftOut) -> Refused:
    why = part.why
    named = f"ケース {str(part.case_id)[:8]} の {part.month}: {why.text}"
    return Refused(part.code, named, field="lines", rule=why.rule, todo=why.todo)


def _told(part: LeftOut) -> tuple[str, str]:
    """The rule, and in words whose month is left out, which item, why, and what to do."""
    why, item = part.why, SUBMITTED_KINDS[part.kind]
    named = f"ケース {str(part.case_id)[:8]} の{month_text(part.month)}の{item}は入れていません"
    return why.rule, f"{named}: {why.text}。{why.todo}"


def _by_name(files: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    return sorted((each["name"], each["sha256"]) for each in files)


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
