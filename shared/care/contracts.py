"""Signing with the person: an office's and a centre's contract, alone or at the same time (T-07 to T-11)."""

from datetime import date

from marshmallow import Schema

from contracts.codes import CONTRACTS, SIGNERS
from contracts.definition import personal
from contracts.fields import Code, Day, Flag, Text
from shared.care import requirements
from shared.care.opening import office_in_model
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation
from shared.policy.dates import day_text


class SignContract(Schema):
    contract = Code("契約書", CONTRACTS)
    explained_on = Day("重要事項を説明した日", null=True, load_default=None)
    consented_on = Day("個人情報使用の同意を得た日", null=True, load_default=None)
    simultaneous = Flag("同時契約", load_default=False, help="居宅と包括が同時に契約するとき")
    switch_from = Day(
        "この契約で類型が変わる日",
        null=True,
        load_default=None,
        help="同時契約がなく、行き来のたびに結ぶ契約のとき。空欄なら、報告された変更日が入ります",
    )
    signed_by = Code("署名した人", SIGNERS)
    signer = personal(Text("署名した人の氏名", null=True, load_default=None))


class SupplementContract(Schema):
    explained_on = Day("重要事項を説明した日", null=True, load_default=None)
    consented_on = Day("個人情報使用の同意を得た日", null=True, load_default=None)


def sign_contract(situation: Situation, command: Command) -> Decision:
    """Record the signed contract. The day of the act is the day of signing."""
    fields, on = command.fields, command.occurred_on
    if situation.role == "kyotaku":
        _office_may_sign(situation, fields["contract"], on)
    if fields["simultaneous"]:
        _may_be_simultaneous(situation, fields["contract"], on)
    if fields["explained_on"] and fields["explained_on"] > on:
        raise Refused(
            "explained_after_signing",
            "重要事項の説明は契約より前でなければなりません",
            field="explained_on",
            rule="T-10",
            todo="説明した日と契約日を確かめてください",
        )
    signed = NewEvent(
        "ContractSigned",
        {
            **fields,
            "agency": situation.me,
            "signed_on": on,
            "role": situation.role,
            "provisional": _provisional(situation, on),
            "switch_from": fields["switch_from"] or _switch_without_contract(situation),
            "type": _type_begun(situation, on),
        },
        case_id=command.case_id,
        to=_told(situation),
    )
    return Decision([signed], _advice_on_signing(situation, command))


def _provisional(situation: Situation, on: date) -> bool | None:
    """True where the person has no certification and waits for one; the notification then follows the result (T-39)."""
    case = situation.case
    return True if case.pending_application is not None and case.status_on(on) == "none" else None


def _type_begun(situation: Situation, on: date) -> str | None:
    """The type that a centre's contract with a project-eligible person begins with: always A (T-04, A-Q31a)."""
    eligible = situation.role == "hokatsu" and situation.case.standing_on(on) == "project_eligible"
    return "care_management_a" if eligible else None


def supplement_contract(situation: Situation, command: Command) -> Decision:
    """Record an explanation or a consent that the contract still lacked (T-10, T-11)."""
    contract = requirements.own_contract(situation)
    if not any(command.fields.values()):
        raise Refused(
            "nothing_to_supplement",
            "補う日付を入力してください",
            field="consented_on",
            todo="説明した日か、同意を得た日を入力してください",
        )
    supplemented = NewEvent(
        "ContractSupplemented",
        {**command.fields, "contract": contract.contract, "agency": situation.me},
        case_id=command.case_id,
        to=_told(situation),
    )
    return Decision([supplemented])


def _switch_without_contract(situation: Situation) -> date | None:
    """The reported switch for which this agency still has to contract anew with the person (T-66)."""
    case, mode = situation.case, situation.case.latest_mode
    switched = case.modes[1:] and mode is not None and mode.provider == situation.me
    if mode is None or not switched or case.simultaneous_contract:
        return None
    renewed = any(
        each.switch_from == mode.effective_from for each in case.contracts if each.agency == situation.me
    )
    reported = any(
        (each.kind, each.effective_from) == ("switched", mode.effective_from) for each in case.mode_marks
    )
    return mode.effective_from if reported and not renewed else None


def _told(situation: Situation) -> tuple[str, ...]:
    other = situation.case.centre if situation.role == "kyotaku" else situation.case.office
    return requirements.recipients(other, situation.case.biller)


def _office_may_sign(situation: Situation, contract: str, on: date) -> None:
    if contract != "preventive_support":
        raise Refused(
            "contract_of_centre",
            "介護予防ケアマネジメントAの契約は包括だけが結べます",
            field="contract",
            rule="T-04",
            todo="介護予防支援利用契約書を選んでください",
        )
    requirements.designation(situation, on)
    requirements.certified_for_benefit(situation, on)


def _may_be_simultaneous(situation: Situation, contract: str, on: date) -> None:
    centre = requirements.centre_of(situation)
    if situation.role == "hokatsu" and contract == "preventive_support":
        raise Refused(
            "contract_without_a",
            "同時契約では、ケアマネジメントAも含む契約書でなければなりません",
            field="contract",
            rule="T-07",
            todo="介護予防支援・介護予防ケアマネジメント利用契約書を選んでください",
        )
    if not situation.agency.enrolled(centre, situation.case.insurer, on):
        raise not_in_model(situation, centre, on)
    office_must_be_in_model(situation, requirements.office_of(situation), on)


def office_must_be_in_model(situation: Situation, office: str, on: date) -> None:
    """Only an office that takes part in the model makes simultaneous contracts (T-03, decision 3).

    :raises Refused: designated before the model began, and not enrolled by the ward.
    """
    if not office_in_model(situation.agency, office, situation.case.insurer, on):
        raise Refused(
            "office_not_in_model",
            f"{situation.agency.name_of(office)}はモデル実施の対象ではないため、同時契約はできません",
            rule="T-03",
            todo="2024年10月より前に指定を受けた事業所は、区にモデル実施への参加を申し出てください",
        )


def not_in_model(situation: Situation, centre: str, on: date) -> Refused:
    """The refusal of a simultaneous contract with a centre outside the model (T-02)."""
    return Refused(
        "not_in_model",
        f"{situation.agency.name_of(centre)}は{day_text(on)}にモデル対象外の包括のため、同時契約はできません",
        field="centre",
        rule="T-02",
        todo="類型が変わるたびに新しい契約と届出をしてください",
    )


def _advice_on_signing(situation: Situation, command: Command) -> list[Advice]:
    fields, advice = command.fields, []
    arranges = situation.role == "kyotaku" and requirements.runs_model(situation)
    if arranges and situation.case.simultaneous.requested_on is None:
        advice.append(Advice("T-08", "包括への調整記録なし。契約の前に包括へ連絡してください"))
    if fields["simultaneous"] and situation.case.simultaneous.agreed_on is None:
        advice.append(Advice("T-07", "相手方の承諾がないため、同時契約はまだ成立していません"))
    if fields["explained_on"] is None:
        advice.append(Advice("T-10", "重要事項説明書がないため、契約書類は未完です"))
    if fields["consented_on"] is None:
        advice.append(Advice("T-11", "個人情報使用の同意がないため、書類のやり取りはできません"))
    return advice
