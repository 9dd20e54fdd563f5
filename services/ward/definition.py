"""The ward's service: 区."""

from typing import Final

from services.ward import (
    agencies,
    card_desk,
    case,
    claims,
    commands,
    complaints,
    counter,
    designations,
    eligibility,
    provider_designations,
    review,
    risk,
    self_plans,
)
from services.ward.events import WARD_EVENTS
from services.ward.reactions import CONSEQUENCES, REACTIONS
from services.ward.views import VIEWS
from shared.care import claim_results
from shared.care.discrepancies import settling_command
from shared.care.process import named
from shared.node.service import CommandSpec, Service

MODEL: Final = "model.programme"
"""The parameter of a ward that runs a model operation (T-01)."""
REVIEWS: Final = "plan_review.purpose"
"""The parameter of a ward that reviews plans (T-50)."""
CLERK: Final = frozenset({"clerk"})
REGISTRAR: Final = frozenset({"clerk", "administrator"})

SERVICE: Final = Service(
    name="ward",
    role="ward",
    title="区",
    commands=named(
        CommandSpec(
            "ReceiveSubmission",
            "請求データの受領を記録する",
            claims.ReceiveSubmission,
            claims.receive_submission,
            CLERK,
            needs_case=False,
        ),
        CommandSpec(
            "RecordReturn", "請求を返戻する", claim_results.RecordReturn, claim_results.record_return, CLERK
        ),
        CommandSpec(
            "RecordDecision",
            "請求の決定を記録する",
            claim_results.RecordDecision,
            claim_results.record_decision,
            CLERK,
        ),
        CommandSpec(
            "ListAgency",
            "事業所を名簿に登載する",
            commands.ListAgency,
            agencies.list_agency,
            REGISTRAR,
            needs_case=False,
        ),
        CommandSpec(
            "DelistAgency",
            "事業所の登載を終える",
            commands.DelistAgency,
            agencies.delist_agency,
            REGISTRAR,
            needs_case=False,
        ),
        CommandSpec(
            "ReportCompromisedKey",
            "鍵の危殆化を知らせる",
            commands.ReportCompromisedKey,
            agencies.report_compromised_key,
            REGISTRAR,
            needs_case=False,
        ),
        CommandSpec(
            "RecordHearing",
            "意見聴取を記録する",
            commands.RecordHearing,
            agencies.record_hearing,
            CLERK,
            needs_case=False,
        ),
        CommandSpec(
            "DesignateOffice",
            "介護予防支援の指定をする",
            designations.DesignateOffice,
            designations.designate_office,
            CLERK,
            needs_case=False,
        ),
        CommandSpec(
            "DesignateProvider",
            "総合事業のサービス事業所を指定する",
            provider_designations.DesignateProvider,
            provider_designations.designate_provider,
            CLERK,
            needs_case=False,
        ),
        CommandSpec(
            "ReturnDesignationApplication",
            "指定の申請を差し戻す",
            designations.ReturnDesignationApplication,
            designations.return_designation_application,
            CLERK,
            needs_case=False,
        ),
        CommandSpec(
            "AcceptDesignationChange",
            "変更の届出を受理する",
            designations.AcceptDesignationChange,
            designations.accept_designation_change,
            CLERK,
            needs_case=False,
        ),
        CommandSpec(
            "EnrolInModel",
            "モデル実施への参加を認める",
            commands.EnrolInModel,
            agencies.enrol_in_model,
            CLERK,
            needs_case=False,
            parameter=MODEL,
        ),
        CommandSpec(
            "EndModel",
            "モデル実施を終える",
            commands.EndModel,
            agencies.end_model,
            CLERK,
            needs_case=False,
            parameter=MODEL,
        ),
        CommandSpec(
            "AcceptNotification",
            "届出書を受理する",
            commands.AcceptNotification,
            case.accept_notification,
            CLERK,
        ),
        CommandSpec(
            "ReturnNotification",
            "届出書を差し戻す",
            commands.ReturnNotification,
            case.return_notification,
            CLERK,
        ),
        CommandSpec(
            "RegisterProjectEligible",
            "受給者台帳に登録する（事業対象者）",
            eligibility.RegisterProjectEligible,
            eligibility.register_project_eligible,
            CLERK,
        ),
        CommandSpec(
            "IssueCards",
            "被保険者証などの発行を記録する",
            eligibility.IssueCards,
            eligibility.issue_cards,
            CLERK,
        ),
        CommandSpec(
            "AnswerComplaint",
            "苦情への対応を記録する",
            complaints.AnswerComplaint,
            complaints.answer_complaint,
            CLERK,
        ),
        CommandSpec(
            "GuideToCentre",
            "区役所での相談と包括への案内を記録する",
            counter.GuideToCentre,
            counter.guide_to_centre,
            CLERK,
            needs_case=False,
        ),
        CommandSpec(
            "SetCopaymentShare",
            "負担割合を決める",
            card_desk.SetCopaymentShare,
            card_desk.set_copayment_share,
            CLERK,
        ),
        CommandSpec(
            "ReportCardLost",
            "被保険者証の紛失を受け付ける",
            card_desk.ReportCardLost,
            card_desk.report_card_lost,
            CLERK,
        ),
        CommandSpec(
            "AcceptSelfPlan",
            "自己作成の計画を受理する",
            self_plans.AcceptSelfPlan,
            self_plans.accept_self_plan,
            CLERK,
        ),
        settling_command(CONSEQUENCES, CLERK),
        CommandSpec("ProvideRecords", "資料を提供する", commands.ProvideRecords, case.provide_records, CLERK),
        CommandSpec(
            "AnnounceCertification",
            "認定結果を知らせる",
            commands.AnnounceCertification,
            case.announce_certification,
            CLERK,
        ),
        CommandSpec(
            "RequestReview",
            "計画の検証を依頼する",
            review.RequestReview,
            review.request_review,
            CLERK,
            parameter=REVIEWS,
        ),
        CommandSpec(
            "AcceptRiskReport",
            "リスク対応策の報告を受理する",
            risk.AcceptRiskReport,
            risk.accept_risk_report,
            CLERK,
        ),
        CommandSpec(
            "ReturnRiskReport",
            "リスク対応策の報告を差し戻す",
            risk.ReturnRiskReport,
            risk.return_risk_report,
            CLERK,
        ),
    ),
    reactions=REACTIONS,
    views=VIEWS,
    event_types=WARD_EVENTS,
)
