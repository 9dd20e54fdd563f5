"""A small service for the console's tests: it opens cases, records monitoring, refuses, and takes rows."""

from marshmallow import Schema

from contracts.codes import STATUSES
from contracts.definition import EventType, personal
from contracts.events.case import OPENING_EXAMPLE
from contracts.events.sample import CENTRE, OFFICE, PERSON
from contracts.fields import Code, Count, Day, Items, LongText, Month, Text
from shared.care.events import CARE_EVENTS
from shared.care.views import SHARED_VIEWS
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Advice, Command, CommandSpec, Decision, Service, Situation

NAME = str(PERSON["name"])
KANA = str(PERSON["kana"])
ADDRESS = str(PERSON["address"])
CARE_ROLES = frozenset({"care_manager", "staff"})


class OpenSample(Schema):
    name = personal(Text("氏名"))
    status = Code("状態区分", STATUSES)


class RecordSample(Schema):
    month = Month("対象月")
    findings = personal(LongText("モニタリングの内容"))


class Line(Schema):
    title = Text("項目")
    units = Count("単位数")


class RefuseSample(Schema):
    start_date = Day("開始日", null=True, load_default=None)
    lines = Items("内訳", Line, required=False)


def open_sample(situation: Situation, command: Command) -> Decision:
    data = {**OPENING_EXAMPLE, **command.fields}
    return Decision([NewEvent("CaseOpened", data, case_id=command.case_id)])


def record_sample(situation: Situation, command: Command) -> Decision:
    data = {**command.fields, "recorded_on": command.occurred_on, "means": "visit"}
    event = NewEvent("MonitoringRecorded", data, case_id=command.case_id)
    return Decision([event], [Advice("T-28", "次の月の記録も忘れないでください")])


def refuse_sample(situation: Situation, command: Command) -> Decision:
    raise Refused(
        "start_date_missing",
        "開始日がありません",
        field="start_date",
        rule="T-16",
        todo="開始日を入力してください",
    )


def ask_sample(situation: Situation, command: Command) -> Decision:
    data = {
        "office": AGENCY,
        "centre": CENTRE,
        "requested_on": command.occurred_on,
        "planned_on": None,
        "note": None,
    }
    event = NewEvent("SimultaneousContractRequested", data, case_id=command.case_id, to=(CENTRE,))
    return Decision([event])


class LongSample(Schema):
    findings = personal(LongText("所見", longest=1_000_000))


def take_long(situation: Situation, command: Command) -> Decision:
    return Decision([NewEvent("LongTaken", command.fields, case_id=command.case_id)])


LONG_TAKEN = EventType(
    "LongTaken", 1, LongSample, "case", "長い記録", frozenset({"kyotaku"}), frozenset({"hokatsu"})
)
COMMANDS = (
    CommandSpec("LongSample", "長い記録をする", LongSample, take_long, CARE_ROLES),
    CommandSpec("OpenSample", "ケースを開く", OpenSample, open_sample, CARE_ROLES, opens_case=True),
    CommandSpec("RecordSample", "モニタリングを記録する", RecordSample, record_sample, CARE_ROLES),
    CommandSpec("RefuseSample", "断られる操作", RefuseSample, refuse_sample, CARE_ROLES | {"auditor"}),
    CommandSpec("AskSample", "同時契約を依頼する", Schema, ask_sample, CARE_ROLES),
)
SERVICE = Service(
    "kyotaku",
    "kyotaku",
    "居宅介護支援事業所",
    {spec.name: spec for spec in COMMANDS},
    views=SHARED_VIEWS,
    event_types={**CARE_EVENTS, "LongTaken": LONG_TAKEN},
)
AGENCY = OFFICE
