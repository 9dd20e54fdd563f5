"""Commands of the care process, for whichever agency does it: an office, or a centre for its own cases (直営)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from shared.care import (
    agreements,
    attaching,
    cards,
    confirming,
    contracts,
    handing,
    performance,
    plan_paper,
    planner,
    planning,
    provider_naming,
    provision,
    provisional,
    provisional_result,
    public_assistance,
    support,
    usage,
)
from shared.node.errors import Refused
from shared.node.service import Command, CommandSpec, Decision, Situation
from shared.policy.dates import Month

CARE: Final = frozenset({"care_manager", "staff"})
"""Account roles that work on cases."""


def only_by_carer(spec: CommandSpec) -> CommandSpec:
    """The same command, refused to an agency that does not do this case's care management.

    A centre records what belongs to its own months (直営) also after an office has taken over.
    """

    def decide(situation: Situation, command: Command) -> Decision:
        case = situation.case
        carer = case.office or case.centre or ""
        if situation.me != case.office and not _done_by_me_as_centre(situation, command):
            raise Refused(
                "not_carer",
                f"このケースのケアマネジメントは{situation.agency.name_of(carer)}が行っています",
                rule="T-19",
                todo="担当の事業所に記録を依頼してください",
            )
        return spec.decide(situation, command)

    return replace(spec, decide=decide)


def _done_by_me_as_centre(situation: Situation, command: Command) -> bool:
    """Whether this is the centre, and the month or the day that the act is about is its own."""
    case = situation.case
    ever = case.office is None or any(each.track == "direct" for each in case.modes)
    if situation.me != case.centre or not ever:
        return False  # whatever is entered: no field needs to be read
    month = command.fields.get("month") or command.fields.get("service_month")
    day = Month.parse(month).first if month else command.occurred_on
    return case.done_by_centre(max(day, _first_day(situation)))


def _first_day(situation: Situation) -> date:
    """The first day of a mode: a month in which a case begins is its first mode's."""
    return situation.case.modes[0].effective_from if situation.case.modes else date.min


def named(*specs: CommandSpec) -> dict[str, CommandSpec]:
    """Commands by name."""
    return {each.name: each for each in specs}


CLAIM_COMMANDS: Final[Mapping[str, CommandSpec]] = named(
    CommandSpec("ConfirmClaim", "請求を確認する", confirming.ConfirmClaim, confirming.confirm_claim, CARE)
)
"""What a claimant says of the claims that its billing desk drafts."""

CONTRACT_COMMANDS: Final[Mapping[str, CommandSpec]] = named(
    CommandSpec("SignContract", "契約を記録する", contracts.SignContract, contracts.sign_contract, CARE),
    CommandSpec(
        "SupplementContract",
        "契約書類を補う",
        contracts.SupplementContract,
        contracts.supplement_contract,
        CARE,
    ),
    CommandSpec(
        "EntrustBilling",
        "請求事務を委任する",
        agreements.EntrustBilling,
        agreements.entrust_billing,
        frozenset({"administrator", "care_manager", "staff"}),
        needs_case=False,
    ),
    CommandSpec(
        "NameProvider",
        "サービス事業所の名称を登録する",
        provider_naming.NameProvider,
        provider_naming.name_provider,
        frozenset({"administrator", "care_manager", "staff"}),
        needs_case=False,
    ),
    CommandSpec(
        "FileTreatmentImprovement",
        "処遇改善加算の届出を記録する",
        agreements.FileTreatmentImprovement,
        agreements.file_treatment_improvement,
        frozenset({"administrator", "care_manager", "staff"}),
        needs_case=False,
    ),
)
"""What offices and centres both do about contracts."""

SUPPORT_COMMANDS: Final[Mapping[str, CommandSpec]] = named(
    CommandSpec(
        "RecordApplication",
        "認定の申請を記録する",
        support.RecordApplication,
        support.record_application,
        CARE,
    ),
    CommandSpec("ReturnCards", "被保険者証などの返還を記録する", cards.ReturnCards, cards.return_cards, CARE),
    CommandSpec("EndSupport", "支援を終える", support.EndSupport, support.end_support, CARE),
    CommandSpec("ResumeSupport", "支援を再開する", support.ResumeSupport, support.resume_support, CARE),
    CommandSpec(
        "RecordWelfareContact",
        "福祉事務所への連絡を記録する",
        public_assistance.RecordWelfareContact,
        public_assistance.record_welfare_contact,
        CARE,
    ),
    CommandSpec(
        "RecordWelfarePapers",
        "福祉事務所への提出を記録する",
        public_assistance.RecordWelfarePapers,
        public_assistance.record_welfare_papers,
        CARE,
    ),
)
"""What offices and centres both do about the course of a person's support."""

HANDING_COMMANDS: Final[Mapping[str, CommandSpec]] = named(
    CommandSpec(
        "HandOverDocuments", "書類を渡す", handing.HandOverDocuments, handing.hand_over_documents, CARE
    ),
    CommandSpec(
        "AttachDocument",
        "書類にファイルを添付する",
        attaching.AttachDocument,
        attaching.attach_document,
        CARE,
        takes_file=True,
    ),
)
"""What offices and centres both do with documents."""

CARE_COMMANDS: Final[Mapping[str, CommandSpec]] = {
    name: only_by_carer(spec)
    for name, spec in named(
        CommandSpec(
            "RecordAssessment",
            "アセスメントを記録する",
            planning.RecordAssessment,
            planning.record_assessment,
            CARE,
        ),
        CommandSpec(
            "DraftProvisionalPlan",
            "暫定プランの原案を作成する",
            provisional.DraftProvisionalPlan,
            provisional.draft_provisional_plan,
            CARE,
        ),
        CommandSpec(
            "SettleProvisionalPlan",
            "暫定プランの結果を確定する",
            provisional_result.SettleProvisionalPlan,
            provisional_result.settle_provisional_plan,
            CARE,
        ),
        CommandSpec("WritePlan", "計画書（A〜D表）を書く", plan_paper.WritePlan, plan_paper.write_plan, CARE),
        CommandSpec("DraftPlan", "計画原案を作成する", planning.DraftPlan, planning.draft_plan, CARE),
        CommandSpec(
            "RecordMeeting",
            "サービス担当者会議を記録する",
            planning.RecordMeeting,
            planning.record_meeting,
            CARE,
        ),
        CommandSpec(
            "RecordPlanConsent",
            "計画への同意を記録する",
            planning.RecordPlanConsent,
            planning.record_plan_consent,
            CARE,
        ),
        CommandSpec("DeliverPlan", "計画を交付する", planning.DeliverPlan, planning.deliver_plan, CARE),
        CommandSpec(
            "ContinuePlan", "計画の軽微な変更を記録する", planning.ContinuePlan, planning.continue_plan, CARE
        ),
        CommandSpec(
            "ChangePlanner", "計画作成者の変更を記録する", planner.ChangePlanner, planner.change_planner, CARE
        ),
        CommandSpec(
            "AssignPlanner",
            "計画の担当者を決める",
            planner.AssignPlanner,
            planner.assign_planner,
            CARE | {"administrator"},
        ),
        CommandSpec("EvaluatePlan", "計画を評価する", planning.EvaluatePlan, planning.evaluate_plan, CARE),
        CommandSpec(
            "StartService", "サービスの利用開始を記録する", usage.StartService, usage.start_service, CARE
        ),
        CommandSpec("EndService", "サービスの利用終了を記録する", usage.EndService, usage.end_service, CARE),
        CommandSpec("IssueUseSheet", "利用票を交付する", usage.IssueUseSheet, usage.issue_use_sheet, CARE),
        CommandSpec(
            "IssueProvisionSheet",
            "提供票を渡したことを記録する",
            provision.IssueProvisionSheet,
            provision.issue_provision_sheet,
            CARE,
        ),
        CommandSpec(
            "ReceiveProviderDocument",
            "サービス事業所の書類の受領を記録する",
            provision.ReceiveProviderDocument,
            provision.receive_provider_document,
            CARE,
        ),
        CommandSpec(
            "ReceiveProviderPerformance",
            "サービス事業所の実績の受領を記録する",
            provision.ReceiveProviderPerformance,
            provision.receive_provider_performance,
            CARE,
        ),
        CommandSpec(
            "RecordMonitoring",
            "モニタリングを記録する",
            usage.RecordMonitoring,
            usage.record_monitoring,
            CARE,
        ),
        CommandSpec(
            "ReportPerformance",
            "実績を報告する",
            performance.ReportPerformance,
            performance.report_performance,
            CARE,
        ),
    ).items()
}
