"""Opening a case: who the person is, who takes part, and which procedure the case follows."""

from collections.abc import Mapping
from datetime import date

from marshmallow import Schema, validate

from contracts.codes import PREVIOUS_KINDS, STATUSES
from contracts.definition import personal
from contracts.events.case import SEXES
from contracts.fields import Agency, Code, Day, Identifier, Month, Text
from shared.care import requirements
from shared.care.agency import AgencyState
from shared.care.risk import outside_model
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation
from shared.policy.parameters import ParameterError, parameters
from shared.policy.procedure import model_on

INSURED_NUMBER = validate.Regexp(
    r"^(\d{10}|H\d{9})\Z", error="10桁の数字（生活保護単独の方は H と9桁の数字）を入力してください"
)


class OpenCase(Schema):
    """The person, as the insured person's card (被保険者証) shows them, and how they came."""

    insurer = Agency("保険者", help="被保険者証の保険者番号（6桁）")
    contact_agreed_on = Day("連絡の了解を得た日", help="包括や区へ連絡することについて、本人の了解を得た日")
    status = Code("状態区分", STATUSES)
    certified_from = Day("認定有効期間の開始", required=False, null=True, load_default=None)
    certified_to = Day("認定有効期間の終了", required=False, null=True, load_default=None)
    previous_plan_end_month = Month(
        "前回の計画の最終月", null=True, load_default=None, help="前に計画がなければ空欄"
    )
    previous_plan_kind = Code("前回の計画の種類", PREVIOUS_KINDS, null=True, load_default=None)
    name = personal(Text("氏名"))
    kana = personal(Text("フリガナ"))
    birth_date = personal(Day("生年月日"))
    sex = personal(Code("性別", SEXES))
    address = personal(Text("住所"))
    telephone = personal(Text("電話番号", null=True, load_default=None, longest=20))
    insured_number = personal(Text("被保険者番号", validate=INSURED_NUMBER))


class OpenCaseAtOffice(OpenCase):
    centre = Agency("担当の地域包括支援センター", help="本人の住所を担当する包括の事業所番号（10桁）")
    previous_case = Identifier(
        "前のケース",
        null=True,
        load_default=None,
        help="区内転居で担当の包括が、または居宅が変わったときだけ。ほかは空欄",
    )


class OpenCaseAtCentre(OpenCase):
    office = Agency(
        "居宅介護支援事業所", null=True, load_default=None, help="委託する居宅があればその事業所番号"
    )
    previous_case = Identifier(
        "前のケース", null=True, load_default=None, help="居宅が変わったときだけ。ほかは空欄"
    )


def open_case(situation: Situation, command: Command) -> Decision:
    """Open a case with its parties; nothing is sent before the first event that a partner needs."""
    fields, on = command.fields, command.occurred_on
    if situation.case.opened:
        raise Refused("case_open", "このケースはすでに開かれています", todo="ケースの画面から続けてください")
    parties = _parties(situation, fields, on)
    # A centre opens a case for itself or to entrust it: nothing is signed at the same time with an office.
    by_office = situation.role == "kyotaku"
    procedure = procedure_of(situation.agency, parties, fields["insurer"], on) if by_office else "principle"
    opened = NewEvent(
        "CaseOpened",
        {
            "insurer": fields["insurer"],
            "parties": parties,
            "opened_on": on,
            "contact_agreed_on": fields["contact_agreed_on"],
            "procedure": procedure,
            "previous_case": fields.get("previous_case"),
            "risk_report_needed": _risk_report_needed(situation, parties, fields["insurer"], on),
            "contract_by": _contract_by(situation, parties, fields, on),
            "insured": False if fields["insured_number"].startswith("H") else None,
            "status": fields["status"],
            "certification": _certification(fields),
            **{name: fields[name] for name in ("previous_plan_end_month", "previous_plan_kind")},
            **{
                name: fields[name]
                for name in ("name", "kana", "birth_date", "sex", "address", "telephone", "insured_number")
            },
        },
        case_id=command.case_id,
    )
    return Decision([opened], _advice_on_opening(situation, parties, procedure, fields["insurer"]))


def _parties(situation: Situation, fields: Mapping[str, object], on: date) -> dict[str, str]:
    parties = {situation.me: situation.role}
    wanted = (("insurer", "ward"), ("centre", "hokatsu"), ("office", "kyotaku"))
    insurer = str(fields["insurer"])
    for name, role in wanted:
        agency = fields.get(name)
        if not isinstance(agency, str):
            continue
        if not situation.agency.has_role(agency, role, insurer):
            raise Refused(
                "agency_unknown",
                f"{situation.agency.name_of(agency)}は保険者 {insurer} の区の名簿に登載されていません",
                field=name,
                todo="保険者番号と事業所番号を確かめてください。区ごとに登載と指定が要ります",
            )
        parties[agency] = role
    biller = situation.agency.biller_of(situation.me, on)
    if biller is not None:
        parties[biller] = "billing"
    return parties


def _certification(fields: Mapping[str, object]) -> dict[str, object] | None:
    valid_from, valid_to = fields["certified_from"], fields["certified_to"]
    if fields["status"] in ("none", "project_eligible"):
        return None
    if not isinstance(valid_from, date) or not isinstance(valid_to, date) or valid_from > valid_to:
        raise Refused(
            "certification_period",
            "認定有効期間を被保険者証のとおりに入力してください",
            field="certified_from" if not isinstance(valid_from, date) else "certified_to",
            todo="終了は開始以後の日です。認定がまだのときは、状態区分で「非該当」を選んでください",
        )
    return {"status": fields["status"], "valid_from": valid_from, "valid_to": valid_to}


def procedure_of(agency: AgencyState, parties: Mapping[str, str], insurer: str, on: date) -> str:
    """The procedure of a case with these parties when its type changes back and forth (T-02, T-03)."""
    office = next((each for each, role in parties.items() if role == "kyotaku"), None)
    centre = next((each for each, role in parties.items() if role == "hokatsu"), None)
    if office is None or centre is None:
        return "principle"
    takes_part = agency.enrolled(centre, insurer, on) and office_in_model(agency, office, insurer, on)
    return (model_on(insurer, on) if takes_part else None) or "principle"


def _risk_report_needed(situation: Situation, parties: Mapping[str, str], insurer: str, on: date) -> bool:
    """Whether an office opens a case that it will do by its designation, beside a centre outside the model (T-67)."""
    centre = next((each for each, role in parties.items() if role == "hokatsu"), None)
    return (
        situation.role == "kyotaku"
        and centre is not None
        and situation.agency.designated(situation.me, insurer, on)
        and outside_model(situation.agency, centre, insurer, on)
    )


def _contract_by(
    situation: Situation, parties: Mapping[str, str], fields: Mapping[str, object], on: date
) -> str | None:
    """The role of whoever contracts with the person first: a designated office for its own, else the centre (T-07).

    None where there is neither. A project-eligible person is always the centre's (T-04).
    """
    by_office = situation.role == "kyotaku" and fields["status"] != "project_eligible"
    if by_office and situation.agency.designated(situation.me, str(fields["insurer"]), on):
        return "kyotaku"
    return "hokatsu" if "hokatsu" in parties.values() else None


def office_in_model(agency: AgencyState, office: str, insurer: str, on: date) -> bool:
    """Whether ``office`` takes part in the model: designated since its start, or enrolled (T-03, decision 3)."""
    if agency.model_over(insurer, office, on):
        return False
    if agency.enrolled(office, insurer, on):
        return True
    since = agency.designated_from(office, insurer, on)
    if since is None:
        return False
    try:
        return bool(since >= parameters(insurer).value("model.designated_from", on))
    except ParameterError:
        return False


def _advice_on_opening(
    situation: Situation, parties: Mapping[str, str], procedure: str, insurer: str
) -> list[Advice]:
    advice = []
    if "billing" not in parties.values():
        advice.append(Advice("T-33", "請求事務の委任がないため、請求担当はこのケースを受け取りません"))
    outside = procedure == "principle" and requirements.runs_model(situation, insurer)
    if outside and situation.role == "kyotaku":
        advice.append(
            Advice(
                "T-66",
                "モデル実施の対象外です。類型が変わるたびに新しい契約と届出が必要です。"
                "遅れたときの対応策を区へ報告してください",
            )
        )
    return advice
