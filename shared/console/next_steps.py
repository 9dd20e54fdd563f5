"""What comes next in a case: whose turn it is, since when, and the command with which it is done."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Final

from marshmallow import Schema

from shared.console.offering import Offering
from shared.node.errors import Refused
from shared.node.service import CommandSpec
from shared.policy.obligation_table import rows_by_id
from shared.policy.obligations import Obligation

_MOST: Final = 5
"""Steps of one party that stand at the head of a case; the others are counted there and listed below."""

_MAKES: Final[Mapping[str, str]] = {
    "SimultaneousContractRequested": "RequestSimultaneousContract",
    "SimultaneousContractAgreed": "AgreeToSimultaneousContract",
    "SimultaneousContractDeclined": "DeclineSimultaneousContract",
    "ContractSigned": "SignContract",
    "ContractSupplemented": "SupplementContract",
    "NotificationFiled": "FileNotification",
    "NotificationAccepted": "AcceptNotification",
    "NotificationReturned": "ReturnNotification",
    "NotificationPrepared": "PrepareNotification",
    "NotificationVoided": "VoidHeldNotification",
    "ModeSwitched": "SwitchMode",
    "ProgressRecordSubmitted": "SubmitProgressRecord",
    "TypeChanged": "ChangeType",
    "EntrustmentStarted": "StartEntrustment",
    "PlanContinued": "ContinuePlan",
    "RecordsProvided": "ProvideRecords",
    "RecordsRequested": "RequestRecords",
    "AssessmentRecorded": "RecordAssessment",
    "MeetingHeld": "RecordMeeting",
    "DesignationApplied": "ApplyForDesignation",
    "OfficeDesignated": "DesignateOffice",
    "DesignationReturned": "ReturnDesignationApplication",
    "DesignationChangeAccepted": "AcceptDesignationChange",
    "HearingRecorded": "RecordHearing",
    "PlanConsented": "RecordPlanConsent",
    "PlanDelivered": "DeliverPlan",
    "PlanSubmitted": "SubmitPlan",
    "UseSheetIssued": "IssueUseSheet",
    "MonitoringRecorded": "RecordMonitoring",
    "EvaluationRecorded": "EvaluatePlan",
    "EvaluationCommented": "CommentEvaluation",
    "DocumentHandedOver": "HandOverDocuments",
    "DraftSubmitted": "SubmitDraft",
    "DraftChecked": "CheckDraft",
    "PerformanceReported": "ReportPerformance",
    "ClaimDrafted": "DraftClaim",
    "ClaimConfirmed": "ConfirmClaim",
    "ClaimSubmitted": "SubmitClaims",
    "CorrectionFiled": "FileCorrection",
    "BenefitSlipPrepared": "PrepareBenefitSlip",
    "OriginalsReturned": "ReturnOriginals",
    "CircumstanceChanged": "ReportCircumstance",
    "RiskReported": "ReportRisk",
    "RiskReportAccepted": "AcceptRiskReport",
    "RiskReportReturned": "ReturnRiskReport",
    "ReviewDocumentsSubmitted": "SubmitReviewDocuments",
    "ReviewConcluded": "ProvideReviewResult",
    "ProvisionalPlanChecked": "CheckProvisionalPlan",
    "ProvisionalPlanSettled": "SettleProvisionalPlan",
    "WelfareOfficeContacted": "RecordWelfareContact",
    "WelfarePapersSubmitted": "RecordWelfarePapers",
    "CertificationApplied": "RecordApplication",
    "CertificationResult": "AnnounceCertification",
    "SupportEnded": "EndSupport",
    "ChecklistRecorded": "RecordChecklist",
    "GuidanceGiven": "GiveGuidance",
    "PersonConfirmed": "ConfirmPerson",
    "ProjectEligibilityRegistered": "RegisterProjectEligible",
    "CardsIssued": "IssueCards",
    "ComplaintAnswered": "AnswerComplaint",
    "CardsReturned": "ReturnCards",
    "CentreConsulted": "ConsultCentre",
    "PlanDrafted": "WritePlan",
    "PreventionChecklistRecorded": "RecordPreventionChecklist",
}
"""What fulfils an obligation → the command that brings it about."""
_OF_ROW: Final[Mapping[str, tuple[str, ...]]] = {
    "T-12-correct": ("CorrectNotification",),
    "T-16": ("FileHeldNotification",),
    "T-17-centre": ("FileHeldNotification",),
    "T-18-entrusted": ("HandOverRecords",),
    "T-18-transfer": ("HandOverRecords",),
    "T-18-request-certified": ("RequestRecords",),
    "T-18-request": ("RequestRecords",),
    "T-19-begin": ("RecordAssessment",),
    "T-19R-first": ("HandOverRecords", "HandOverDocuments"),
    "T-33-reopened": ("FileCorrection", "DraftClaim"),
    "T-35-held": ("VoidHeldNotification", "FileHeldNotification"),
    "T-35-held-office": ("VoidHeldNotification", "FileHeldNotification"),
}
"""Rows for which the event alone does not tell which command is meant."""
Refusing = Callable[[CommandSpec, Mapping[str, str]], Refused | None]
"""Whether a command is refused once these of its fields are known, and why."""
_MONTHS: Final = ("month", "service_month")


@dataclass(frozen=True, slots=True)
class Action:
    """A command that fulfils an obligation; ``fields`` are what its form knows already. ``refusal``: why not today."""

    command: CommandSpec
    fields: Mapping[str, str]
    refusal: Refused | None = None


@dataclass(frozen=True, slots=True)
class NextStep:
    """One thing to do, the first of ``months`` for which it has to be done; ``actions`` are those of who asks."""

    what: Obligation
    months: Sequence[str]
    actions: Sequence[Action]


@dataclass(frozen=True, slots=True)
class Turn:
    """What one party has to do next, the most urgent first; ``more`` of its obligations are not among the steps."""

    party: str
    since: date
    steps: Sequence[NextStep]
    more: int


def turns(
    still_open: Sequence[Obligation],
    me: str,
    allowed: Iterable[CommandSpec],
    offering: Offering,
    refused: Refusing = lambda command, fields: None,
) -> list[Turn]:
    """Who has to act next: whoever asks first, then the others by what falls due first.

    What is overdue or close stands before what has time. The same thing for several months is one step. A command that
    would be ``refused`` for the month of its step says so instead of being offered.
    """
    commands = {each.name: each for each in allowed}
    parties = dict.fromkeys([me, *(each.debtor for each in still_open)])
    owed = {party: [each for each in still_open if each.debtor == party] for party in parties}
    return [
        _turn(party, found, commands if party == me else {}, offering.not_now, refused)
        for party, found in owed.items()
        if found
    ]


def actions_for(
    what: Obligation, commands: Mapping[str, CommandSpec], not_now: Mapping[str, Refused]
) -> list[Action]:
    """The commands among ``commands`` with which an obligation is fulfilled."""
    names = command_names(what.row)
    return [
        Action(commands[name], _known(commands[name], what), not_now.get(name))
        for name in names
        if name in commands
    ]


def command_names(row_id: str) -> tuple[str, ...]:
    """The names of the commands, of whichever service, that fulfil the obligations of a row."""
    made = (_MAKES.get(each.type) for each in rows_by_id()[row_id].fulfilled_by)
    return _OF_ROW.get(row_id) or tuple(dict.fromkeys(name for name in made if name))


def _turn(
    party: str,
    owed: Sequence[Obligation],
    commands: Mapping[str, CommandSpec],
    not_now: Mapping[str, Refused],
    refused: Refusing,
) -> Turn:
    alike: dict[tuple[str, str], list[Obligation]] = {}
    pressing = [each for each in owed if each.state in ("overdue", "due")]
    for each in pressing or owed:
        alike.setdefault((each.row, "" if each.month else f"{each.made_by} {each.creditor}"), []).append(each)
    shown = list(alike.values())[:_MOST]
    steps = [
        NextStep(
            same[0],
            [each.month for each in same if each.month],
            [_asked(each, refused) for each in actions_for(same[0], commands, not_now)],
        )
        for same in shown
    ]
    return Turn(party, min(each.since for each in pressing or owed), steps, len(owed) - sum(map(len, shown)))


def _asked(action: Action, refused: Refusing) -> Action:
    """The action, with why it is refused for the month that its form would begin with."""
    if action.refusal is not None or not action.fields:
        return action
    return replace(action, refusal=refused(action.command, action.fields))


def _known(spec: CommandSpec, what: Obligation) -> dict[str, str]:
    return {name: what.month for name in _months_asked(spec.schema) if what.month}


@cache
def _months_asked(schema: type[Schema]) -> tuple[str, ...]:
    """The fields of a command that name a month."""
    return tuple(name for name in _MONTHS if name in schema().fields)
