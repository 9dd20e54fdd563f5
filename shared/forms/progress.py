"""The progress record (経過記録): of the whole case, and of each month's monitoring or each switch (T-15, T-28, T-31).

What people wrote stands there in the order of the days of the acts; an agency that was not told has no line.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from contracts.codes import CIRCUMSTANCES, MONITORING_MEANS, PROVIDER_DOCUMENTS, SERVICE_KINDS
from shared.care.documents import Document
from shared.care.events import PLAN_CHANGES
from shared.forms.form import Fields, Form, Printout
from shared.forms.matter import Matter, Said, day, month
from shared.forms.planner import planner_on_paper

WHOLE: Final = "all"
_OWN: Final = ("monitoring", "progress_record", "switch_report")
"""Documents of the ledger that a progress record is, each of one event."""

Line = Callable[[Mapping[str, Any]], tuple[str, str]]
_LINES: Final[Mapping[str, Line]] = {
    "ConsultationRecorded": lambda said: ("相談", said.get("note") or ""),
    "AssessmentRecorded": lambda said: ("アセスメント", said.get("findings") or ""),
    "MeetingHeld": lambda said: ("サービス担当者会議", said.get("summary") or ""),
    "PlanDelivered": lambda said: ("計画の交付", ""),
    "PlanContinued": lambda said: (f"軽微な変更（{PLAN_CHANGES[said['change']]}）", said.get("note") or ""),
    "MonitoringRecorded": lambda said: (
        f"モニタリング（{month(said['month'])}分・{MONITORING_MEANS[said['means']]}）",
        said.get("findings") or "",
    ),
    "ProviderDocumentReceived": lambda said: (
        f"事業所の報告（{PROVIDER_DOCUMENTS[said['document']]}）",
        said.get("content") or "",
    ),
    "PlannerChanged": lambda said: ("計画作成者の変更", said.get("note") or ""),
    "ServiceStarted": lambda said: (f"利用開始（{SERVICE_KINDS[said['service']]}）", ""),
    "ServiceEnded": lambda said: (f"利用終了（{SERVICE_KINDS[said['service']]}）", said.get("reason") or ""),
    "CircumstanceChanged": lambda said: (CIRCUMSTANCES[said["change"]], said.get("note") or ""),
    "ModeSwitched": lambda said: (
        f"類型の変更（{day(said['effective_from'])}から）",
        "\n".join(each for each in (said.get("reason"), said.get("progress_record")) if each),
    ),
    "ProgressRecordSubmitted": lambda said: ("支援経過記録", said.get("progress_record") or ""),
    "EvaluationRecorded": lambda said: ("評価", said.get("comment") or ""),
}
"""Type of event → what kind of contact it was, and what was written of it."""
_OF_PROVIDERS: Final = ("ProviderDocumentReceived", "ServiceStarted", "ServiceEnded")
"""Events that are about one service office, which the line names."""


def _printouts(matter: Matter) -> Sequence[Printout]:
    known = {each.event.id: each for each in matter.said(*_LINES)}
    whole = [Printout("progress", WHOLE, "経過記録（全体）")] if known else []
    own = [
        Printout("progress", str(each.events[0]), _title(each), each.made_on, each)
        for each in matter.case.documents
        if each.kind in _OWN and each.events[0] in known
    ]
    return [*whole, *own]


def _title(document: Document) -> str:
    return f"経過記録（{month(document.month)}分のモニタリング）" if document.month else "経過記録"


def _fields(matter: Matter, printout: Printout) -> Fields:
    lines = [each for each in matter.said(*_LINES) if printout.of in (WHOLE, str(each.event.id))]
    return {
        "title": "介護予防支援・介護予防ケアマネジメント経過記録",
        "person": matter.person_on_paper(),
        **planner_on_paper(matter, printout.dated or matter.today),
        "centre": matter.name_of(matter.case.centre),
        "lines": [_line(matter, each) for each in sorted(lines, key=lambda each: each.event.occurred_on)],
    }


def _line(matter: Matter, said: Said) -> dict[str, Any]:
    kind, text = _LINES[said.event.type](said.fields)
    on: date = said.event.occurred_on
    provider = matter.name_of(said.fields.get("provider")) if said.event.type in _OF_PROVIDERS else ""
    return {
        "on": day(on),
        "kind": kind,
        "text": text,
        "provider": provider,
        "attached": said.event.type == "ProviderDocumentReceived",
        "by": matter.name_of(said.event.sender),
    }


PROGRESS: Final = Form("progress", "支援経過記録", "progress", _printouts, _fields)
