"""Events that stay on a billing desk's node."""

from collections.abc import Mapping
from typing import Final

from marshmallow import Schema

from contracts.codes import PROJECT_SERVICES
from contracts.definition import EventType, personal
from contracts.events.sample import CLAIM, DAY_SERVICE
from contracts.fields import Agency, Code, Day, Identifier, LongText, Month, Text


class ProjectCorrectionApplied(Schema):
    """A paper application to take back what a service office claimed for a project service (A-Q54a to A-Q54d)."""

    application_id = Identifier("申立ての番号")
    service_month = Month("サービス提供月")
    service = Code("サービス種類", PROJECT_SERVICES)
    provider = Agency("サービス事業所")
    decided_on = Day("給付が決定した日")
    applied_on = Day("申立日")
    code = Text("申立事由コード（様式2桁・理由2桁）", longest=4)
    reason = personal(LongText("申立ての理由"))


BILLING_EVENTS: Final[Mapping[str, EventType]] = {
    "ProjectCorrectionApplied": EventType(
        "ProjectCorrectionApplied",
        1,
        ProjectCorrectionApplied,
        "case",
        "総合事業費の過誤の申立て",
        example={
            "application_id": CLAIM,
            "service_month": "2019-05",
            "service": "A6",
            "provider": DAY_SERVICE,
            "decided_on": "2019-06-28",
            "applied_on": "2019-07-02",
            "code": "1002",
            "reason": "単位数の誤り",
        },
    ),
}
"""Name → event type; no other agency receives one."""
