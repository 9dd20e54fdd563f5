"""Papers of claims and agreements between agencies: the data medium's slip and receipt (A-S1, A-S2, A-S9), the
settlement statement of an entrusted office, the cover of an entrustment contract (T-06R).
"""

from collections.abc import Sequence
from typing import Any, Final

from contracts.claim_codes import MEDIUM_CONTENTS, SUBMISSION_MEANS
from shared.care.submissions import Statement, Submission, SubmittedLine
from shared.forms.agency_matter import AgencyMatter
from shared.forms.form import Fields, Form, Printout
from shared.forms.matter import BLANK_DAY, day, month
from shared.policy.dates import TOKYO
from shared.policy.parameters import ParameterError, parameters

BY_HAND: Final = ("courier", "brought")
"""Means of submission by which a medium goes to the ward."""


def _medium_printouts(matter: AgencyMatter) -> Sequence[Printout]:
    return [
        Printout(
            "data-medium",
            each.id,
            f"請求データの媒体の送付書・受取確認書（{matter.name_of(each.claimant)}・{month(each.examination_month)}審査分）",
            each.submitted_on,
        )
        for each in matter.agencies.submissions.by_id.values()
        if each.route == "ward" and each.means in BY_HAND
    ]


def _medium_fields(matter: AgencyMatter, printout: Printout) -> Fields:
    sent = matter.agencies.submissions.by_id[printout.of]
    received = sent.received_at.astimezone(TOKYO) if sent.received_at else None
    return {
        "title": f"{MEDIUM_CONTENTS['medium']} 送付書",
        "receipt_title": MEDIUM_CONTENTS["receipt_slip"],
        "claimant": matter.name_of(sent.claimant),
        "claimant_number": sent.claimant,
        "biller": matter.name_of(sent.biller),
        "biller_telephone": matter.contact_of(sent.biller)["telephone"],
        "addressee": _insurer(sent),
        "desk": _desk(sent),
        "means": [{"on": sent.means == code, "title": SUBMISSION_MEANS[code]} for code in BY_HAND],
        "examination_month": month(sent.examination_month),
        "submitted_on": day(sent.submitted_on),
        "dispatch_by": day(_dispatch_by(sent)),
        "contents": [
            {"on": code in sent.contents, "title": title} for code, title in MEDIUM_CONTENTS.items()
        ],
        "bag_says": MEDIUM_CONTENTS["medium"],
        "files": list(sent.files),
        "number": len(sent.lines),
        "yen": f"{sum(-each.yen if each.kind == 'cancellation' else each.yen for each in sent.lines):,}",
        "received": f"{day(received.date())} {received.hour}時{received.minute:02d}分" if received else "",
        "arrived": [{"on": code in sent.arrived, "title": title} for code, title in MEDIUM_CONTENTS.items()],
        "counts": received is not None and sent.counted is True,
        "counts_not": received is not None and sent.counted is False,
        "medium_returned_on": day(sent.medium_returned_on),
        "blank_day": BLANK_DAY,
    }


def _insurer(sent: Submission) -> str:
    try:
        return parameters(sent.insurer).insurer.name
    except ParameterError:
        return ""


def _desk(sent: Submission) -> str:
    return str((_stated(sent, "claim.receipt_desk") or {}).get(sent.means, ""))


def _dispatch_by(sent: Submission) -> str | None:
    """The published day of the examination month; never reckoned (A-S3, A-S12)."""
    published = _stated(sent, "claim.dispatch_dates") or ()
    return next((str(each) for each in published if str(each)[:7] == sent.examination_month), None)


def _stated(sent: Submission, name: str) -> Any:
    try:
        return parameters(sent.insurer).entry(name, sent.submitted_on).value
    except ParameterError:
        return None


def _statement_printouts(matter: AgencyMatter) -> Sequence[Printout]:
    return [
        Printout(
            "settlement",
            each.id,
            f"委託料の明細書（{matter.name_of(each.office)}・{month(each.examination_month)}審査分）",
            each.stated_on,
            cases=tuple(dict.fromkeys(line.case for line in each.lines)),
        )
        for each in matter.agencies.statements
    ]


def _statement_fields(matter: AgencyMatter, printout: Printout) -> Fields:
    stated = next(each for each in matter.agencies.statements if each.id == printout.of)
    return {
        "title": "委託料の明細書",
        "office": matter.name_of(stated.office),
        "office_number": stated.office,
        "centre": matter.name_of(stated.centre),
        "centre_number": stated.centre,
        "centre_reached": matter.contact_of(stated.centre)["reached"],
        "examination_month": month(stated.examination_month),
        "stated_on": day(stated.stated_on),
        "lines": [_statement_line(matter, each) for each in stated.lines],
        "yen": _yen(stated.yen),
        "office_yen": _yen(stated.office_yen),
        "centre_yen": _yen(stated.centre_yen),
        "assumed": stated.split_assumed,
        "number": len(stated.lines),
        **_owed(stated),
    }


def _owed(stated: Statement) -> dict[str, str]:
    back = stated.office_yen < 0
    return {
        "owed_title": "お返しいただく額" if back else "お支払いする額",
        "owed": f"{abs(stated.office_yen):,}円",
    }


def _statement_line(matter: AgencyMatter, line: SubmittedLine) -> dict[str, str]:
    sign = -1 if line.kind == "cancellation" else 1
    return {
        "month": month(line.service_month),
        "name": matter.persons.get(line.case, ""),
        "kind": "取消" if sign < 0 else "請求",
        "yen": _yen(sign * line.yen),
        "office_yen": _yen(sign * (line.office_yen or 0)),
        "centre_yen": _yen(sign * (line.centre_yen or 0)),
    }


def _yen(amount: int) -> str:
    """An amount as papers write it: ▲ before what is taken off."""
    return f"▲{-amount:,}" if amount < 0 else f"{amount:,}"


def _entrustment_printouts(matter: AgencyMatter) -> Sequence[Printout]:
    return [
        Printout(
            "entrustment-contract",
            f"{each.centre}-{each.office}-{each.signed_on.isoformat()}",
            f"介護予防支援業務等委託契約書（{matter.name_of(each.centre)}・{matter.name_of(each.office)}）",
            each.signed_on,
        )
        for each in matter.agencies.entrustment_contracts
    ]


def _entrustment_fields(matter: AgencyMatter, printout: Printout) -> Fields:
    centre, office, signed_on = printout.of.split("-", 2)
    found = next(
        each
        for each in matter.agencies.entrustment_contracts
        if (each.centre, each.office, each.signed_on.isoformat()) == (centre, office, signed_on)
    )
    return {
        "title": "介護予防支援業務等委託契約書",
        "centre": matter.name_of(centre),
        "centre_number": centre,
        "office": matter.name_of(office),
        "office_number": office,
        "centre_address": matter.contact_of(centre)["address"],
        "office_address": matter.contact_of(office)["address"],
        "signed_on": day(found.signed_on),
        "valid_from": day(found.valid_from),
        "valid_to": day(found.valid_to),
    }


DATA_MEDIUM: Final = Form(
    "data-medium", "請求データの媒体の送付書・受取確認書", "data_medium", _medium_printouts, _medium_fields
)
SETTLEMENT: Final = Form(
    "settlement", "委託料の明細書", "settlement", _statement_printouts, _statement_fields
)
ENTRUSTMENT_CONTRACT: Final = Form(
    "entrustment-contract",
    "委託契約書（表紙）",
    "entrustment_contract",
    _entrustment_printouts,
    _entrustment_fields,
)
