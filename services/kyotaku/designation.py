"""An office's applications to the ward's 事業者指定グループ: designation, its renewal, changes (T-06N)."""

from datetime import date, timedelta
from uuid import uuid5

from marshmallow import Schema

from contracts.codes import DESIGNATION_KINDS, OFFICE_CHANGES
from contracts.fields import Agency, Code, Day, Items
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, Decision, Situation
from shared.policy.dates import day_text
from shared.policy.parameters import ParameterError, parameters


class ApplyForDesignation(Schema):
    insurer = Agency("申請する区", help="保険者番号（6桁）")
    kind = Code("手続き", DESIGNATION_KINDS)
    wished_from = Day("希望する指定日・変更日", null=True, load_default=None)
    changes = Items("変更した事項", Code("変更した事項", OFFICE_CHANGES), load_default=list)


def apply_for_designation(situation: Situation, command: Command) -> Decision:
    """Apply for a designation or its renewal, or give notice of a change (T-06N).

    :raises Refused: a first designation of an office that has one, or a renewal or change without one.
    """
    fields, on = command.fields, command.occurred_on
    if not situation.agency.has_role(fields["insurer"], "ward"):
        raise Refused(
            "agency_unknown",
            f"{fields['insurer']} は区として名簿に登載されていません",
            field="insurer",
            todo="保険者番号を確かめてください",
        )
    last_day = situation.agency.designated_to(situation.me, fields["insurer"], on)
    _must_fit(fields["kind"], last_day, fields["changes"])
    applied = NewEvent(
        "DesignationApplied",
        {
            **fields,
            "application_id": str(uuid5(command.id, "designation")),
            "agency": situation.me,
            "applied_on": on,
        },
        to=(fields["insurer"],),
    )
    return Decision([applied], _advice(fields["insurer"], fields["kind"], fields["wished_from"], last_day))


def _must_fit(kind: str, last_day: date | None, changes: list[str]) -> None:
    if kind == "new" and last_day is not None:
        raise Refused(
            "already_designated",
            f"この区の指定を{day_text(last_day)}まで受けています",
            field="kind",
            rule="T-06N",
            todo="有効期間が終わる前に、更新を申請してください",
        )
    if kind != "new" and last_day is None:
        raise Refused(
            "not_designated",
            "この区の指定を受けていません",
            field="kind",
            rule="T-06N",
            todo="新規の指定を申請してください",
        )
    if kind == "change" and not changes:
        raise Refused(
            "change_missing",
            "変更した事項を選んでください",
            field="changes",
            rule="T-06N",
            todo="変更の届では、変わった事項を一つ以上選んでください",
        )


def _advice(insurer: str, kind: str, wished_from: date | None, last_day: date | None) -> list[Advice]:
    if wished_from is None:
        return []
    if kind == "renewal" and last_day is not None and wished_from != last_day + timedelta(days=1):
        following = day_text(last_day + timedelta(days=1))
        return [Advice("T-06N", f"更新は、有効期間の終わりの翌日（{following}）からになります")]
    if kind == "new" and wished_from not in _permitted(insurer, wished_from):
        return [Advice("T-06N", f"{day_text(wished_from)}は、この年度の指定日として定められていません")]
    return []


def _permitted(insurer: str, on: date) -> tuple[date, ...]:
    try:
        found = parameters(insurer).find("designation.permitted_dates", on)
    except ParameterError:
        return ()
    return tuple(found.value) if found else ()
