"""The receipt desk's pages: the media with claim data, and one of them with its persons (A-S1 to A-S11).

Whoever looks is recorded under every person's case (A-S10).
"""

from uuid import UUID

from flask import Blueprint, abort, render_template, request, url_for

from contracts.claim_codes import (
    CLAIM_OUTCOMES,
    MEDIUM_CONTENTS,
    SUBMISSION_MEANS,
    SUBMITTED_KINDS,
)
from services.ward.receipts import STATES, receipt, receipts
from shared.console.frame import names_shown, node, record_view
from shared.console.paging import paged

RESULTS = {"returned": "返戻", **CLAIM_OUTCOMES}


def add_pages(blueprint: Blueprint) -> None:
    """Give a blueprint the desk's pages."""
    blueprint.add_url_rule("/receipts", view_func=receipt_desk)
    blueprint.add_url_rule("/receipts/<uuid:submission_id>", view_func=receipt_page)


def receipt_desk() -> str:
    """Every medium: what is awaited, received, returned."""
    record_view(None, "請求データの受領")
    found = receipts(node().situation().agency.submissions, node().agency)
    state = request.args.get("state", "")
    chosen = [each for each in found if state not in STATES or each.state == state]
    return render_template(
        "ward/receipts.html",
        receipts=paged(chosen, request.args.get("page", "")),
        counts={each: sum(one.state == each for one in found) for each in STATES},
        state=state,
        page_address=lambda number: url_for("ward.receipt_desk", state=state or None, page=number),
        states=STATES,
        means=SUBMISSION_MEANS,
        contents=MEDIUM_CONTENTS,
    )


def receipt_page(submission_id: UUID) -> str:
    """One medium: its lines, person by person, with what was decided of each."""
    submissions = node().situation().agency.submissions
    submission = submissions.by_id.get(str(submission_id))
    if submission is None or (submission.route, submission.insurer) != ("ward", node().agency):
        abort(404)
    cases = list(dict.fromkeys(UUID(each.case) for each in submission.lines))
    record_view(None, "請求データの受領")
    known = {str(each): node().situation(each).case for each in cases}
    lines = [
        (each, UUID(each.case), known[each.case].claim_results.get(each.claim_id))
        for each in submission.lines
    ]
    return render_template(
        "ward/receipt.html",
        receipt=receipt(submissions, submission),
        lines=lines,
        decided=any(result for _, _, result in lines),
        names=names_shown(cases, "請求データの受領"),
        again={each.claim_id for each in receipt(submissions, submission).again},
        states=STATES,
        kinds=SUBMITTED_KINDS,
        means=SUBMISSION_MEANS,
        results=RESULTS,
    )
