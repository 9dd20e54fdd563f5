"""What law and contracts require before an act: each check refuses in words that say what to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from contracts.codes import TYPES
from shared.care.parts import Contract, Plan
from shared.node.errors import Refused
from shared.node.service import Situation
from shared.policy.dates import Month, day_text
from shared.policy.obligation_due import Ground, due_date
from shared.policy.parameters import ParameterError, Parameters, parameters


def parameters_of(situation: Situation) -> Parameters:
    """The parameters of the case's insurer.

    :raises Refused: the insurer has none.
    """
    try:
        return parameters(situation.case.insurer)
    except ParameterError as problem:
        raise Refused(
            "insurer_unknown",
            problem.message,
            field="insurer",
            todo="被保険者証の保険者番号（6桁）を確かめてください",
        ) from problem


def runs_model(situation: Situation, insurer: str | None = None) -> bool:
    """Whether the insurer of the case, or the one named, has a model procedure at all (T-01)."""
    try:
        return "model.programme" in parameters(insurer or situation.case.insurer).names
    except ParameterError:
        return False


@contextmanager
def published_only() -> Iterator[None]:
    """Within it a value that was never published is a refusal; nothing is extrapolated.

    :raises Refused: no value was published for the day that was asked about.
    """
    try:
        yield
    except ParameterError as problem:
        raise Refused("not_published", problem.message, todo="公表された値を登録してください") from problem


def published(situation: Situation, name: str, on: date) -> object:
    """Value of a parameter of the case's insurer on a day.

    :raises Refused: no value was published for that day; nothing is extrapolated.
    """
    with published_only():
        return parameters_of(situation).value(name, on)


def found(situation: Situation, name: str, on: date) -> object | None:
    """Value of a parameter that the case's insurer may have stated, None where it has not."""
    entry = parameters_of(situation).find(name, on)
    return None if entry is None else entry.value


def due(
    situation: Situation, row: str, on: date, *, basis: date | None = None, period: Month | None = None
) -> date | None:
    """When the obligation of a row of the table falls due in this case: what advice warns by.

    See :func:`shared.policy.obligation_due.due_date`.

    :raises Refused: no value was published for that day; nothing is extrapolated.
    """
    with published_only():
        ground = Ground.of(situation.case.insurer, situation.case.parties)
        return due_date(row, ground, on, basis=basis, period=period)


def track_of(situation: Situation, on: date) -> str:
    """In which track this agency does the care of the case on ``on``, also while the contracts are being made."""
    if situation.role == "hokatsu":
        return "direct"
    case, mode = situation.case, situation.case.mode(on)
    if mode is not None and mode.track != "direct":
        return mode.track
    designated = case.taken_over_on is not None or case.contract_of(situation.me) is not None
    by_centre = case.opening is not None and case.opening[0] == case.centre
    return "entrusted" if by_centre and not designated else "designated"


def listed_office(situation: Situation, office: str) -> None:
    """What a centre wants of an office before it entrusts or hands over anything to it.

    :raises Refused: the ward of the case lists no such office.
    """
    if not situation.agency.has_role(office, "kyotaku", situation.case.insurer or None):
        raise Refused(
            "agency_unknown",
            f"{office} は居宅介護支援事業所として登載されていません",
            field="office",
            todo="事業所番号を確かめてください",
        )


def centre_of(situation: Situation) -> str:
    """The centre of the case.

    :raises Refused: none is a party.
    """
    if situation.case.centre is None:
        raise Refused(
            "centre_missing",
            "このケースには地域包括支援センターがありません",
            rule="T-04",
            todo="担当の包括を当事者にしてケースを開いてください",
        )
    return situation.case.centre


def office_of(situation: Situation) -> str:
    """The office of the case.

    :raises Refused: none is a party.
    """
    if situation.case.office is None:
        raise Refused(
            "office_missing",
            "このケースには居宅介護支援事業所がありません",
            todo="居宅介護支援事業所を当事者にしてケースを開いてください",
        )
    return situation.case.office


def ward_of(situation: Situation) -> str:
    """The ward of the case.

    :raises Refused: none is a party.
    """
    if situation.case.ward is None:
        raise Refused("ward_missing", "このケースには区がありません", todo="ケースの当事者を確かめてください")
    return situation.case.ward


def other_party(situation: Situation) -> str | None:
    """The centre for an office, the office for a centre; None where the case has none."""
    return situation.case.centre if situation.role == "kyotaku" else situation.case.office


def own_contract(situation: Situation) -> Contract:
    """This agency's contract with the person.

    :raises Refused: none is signed.
    """
    found = situation.case.contract_of(situation.me)
    if found is None:
        raise Refused(
            "contract_missing",
            "本人との利用契約がまだありません",
            rule="T-07",
            todo="重要事項を説明し、同意を得て、利用契約を結んでください",
        )
    return found


def consent_to_share(situation: Situation) -> date:
    """The day on which the person consented that this agency uses personal information (T-11).

    While an office is entrusted with the case it is the centre's contract that holds the consent.

    :raises Refused: no contract, or no consent in it.
    """
    case = situation.case
    if situation.role == "kyotaku" and track_of(situation, situation.today) == "entrusted":
        contract = case.contract_of(case.centre)
        given = contract.consented_on if contract else case.consented_at_centre_on
        if given is not None:
            return given
    consented_on = own_contract(situation).consented_on
    if consented_on is None:
        raise Refused(
            "consent_missing",
            "個人情報使用の同意がないため、他の機関と書類をやり取りできません",
            field="consented_on",
            rule="T-11",
            todo="個人情報使用同意書をもらい、「契約書類を補う」で同意日を記録してください",
        )
    return consented_on


def designation(situation: Situation, on: date) -> None:
    """This office's own designation for 介護予防支援 by the case's insurer (T-03).

    :raises Refused: none on that day.
    """
    if not situation.agency.designated(situation.me, situation.case.insurer, on):
        raise Refused(
            "not_designated",
            f"{situation.agency.name_of(situation.me)}は{day_text(on)}に介護予防支援の指定を受けていません",
            rule="T-03",
            todo="区の指定を受けるか、包括からの再委託で担当してください",
        )


def certified_for_benefit(situation: Situation, on: date) -> None:
    """A person whom an office may plan for by its own designation: 要支援1 or 要支援2, or who may become one (T-04).

    While an application waits for its result, the contract is made for a provisional plan (T-36).

    :raises Refused: 事業対象者 or another state.
    """
    status = situation.case.status_on(on)
    if status == "none" and situation.case.pending_application is not None:
        return
    if status not in ("support1", "support2"):
        raise Refused(
            "status_excluded",
            "居宅指定の介護予防支援は要支援1・2の人だけが対象です",
            field="status",
            rule="T-04",
            todo=f"{TYPES['care_management_a']}として包括が契約し、再委託を受けてください",
        )


def plan_in_preparation(situation: Situation) -> Plan:
    """The plan version that is being made.

    :raises Refused: there is no draft.
    """
    plan = situation.case.plan_in_preparation
    if plan is None:
        raise Refused(
            "draft_missing",
            "作成中の計画原案がありません",
            rule="T-23",
            todo="アセスメントをして計画原案を作成してください",
        )
    return plan


def plan_to_meet_about(situation: Situation) -> Plan:
    """The plan version that is being made, else the delivered one whose meeting is not recorded.

    Of a provisional plan whose result is awaited the meeting can be held again: the centre may have missed it (T-37).

    :raises Refused: there is neither.
    """
    delivered, provisional = situation.case.delivered_plan, situation.case.open_provisional_plan
    if situation.case.plan_in_preparation is None and delivered is not None:
        again = provisional is not None and provisional.plan_id == delivered.id
        if delivered.meeting_on is None or again:
            return delivered
    return plan_in_preparation(situation)


def delivered_plan(situation: Situation) -> Plan:
    """The plan that is in the person's hands.

    :raises Refused: none is delivered.
    """
    plan = situation.case.delivered_plan
    if plan is None:
        raise Refused(
            "plan_missing",
            "交付済みの計画がありません",
            rule="T-23",
            todo="本人の同意を得て計画を交付してください",
        )
    return plan


def recipients(*agencies: str | None) -> tuple[str, ...]:
    """Those of the agencies that exist, each once: the ``to`` of an event."""
    return tuple(dict.fromkeys(each for each in agencies if each))
