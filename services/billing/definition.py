"""The billing desk's service: 請求."""

from typing import Final

from services.billing import (
    closing,
    commands,
    drafting,
    preparing,
    project_corrections,
    settlement,
    slip_cancelling,
    slips,
    submission,
)
from services.billing.events import BILLING_EVENTS
from services.billing.reactions import CONSEQUENCES, REACTIONS
from services.billing.views import VIEWS
from shared.care import claim_decisions, claim_results
from shared.care.discrepancies import settling_command
from shared.care.process import named
from shared.node.service import CommandSpec, Service

BILLING: Final = frozenset({"billing"})

SERVICE: Final = Service(
    name="billing",
    role="billing",
    title="請求",
    commands=named(
        CommandSpec("DraftClaim", "請求案を作成する", commands.DraftClaim, drafting.draft_claim, BILLING),
        CommandSpec(
            "CloseMonth",
            "月の請求案と給付管理票をまとめて作成する",
            closing.CloseMonth,
            closing.close_month,
            BILLING,
            needs_case=False,
            concerns=closing.concerned_cases,
            prepare=closing.prepare_closing,
        ),
        settling_command(CONSEQUENCES, BILLING),
        CommandSpec(
            "PrepareBenefitSlip",
            "給付管理票を作成する",
            slips.PrepareBenefitSlip,
            slips.prepare_benefit_slip,
            BILLING,
        ),
        CommandSpec(
            "CancelBenefitSlip",
            "給付管理票を取り消す",
            slip_cancelling.CancelBenefitSlip,
            slip_cancelling.cancel_benefit_slip,
            BILLING,
        ),
        CommandSpec(
            "RecordSlipReturn",
            "給付管理票の返戻を記録する",
            slip_cancelling.RecordSlipReturn,
            slip_cancelling.record_slip_return,
            BILLING,
        ),
        CommandSpec(
            "SubmitClaims",
            "請求を提出する",
            submission.SubmitClaims,
            submission.submit_claims,
            BILLING,
            needs_case=False,
            concerns=submission.concerned_cases,
            prepare=preparing.prepare_submission,
        ),
        CommandSpec(
            "DecideSubmission",
            "提出した請求の決定をまとめて記録する",
            claim_decisions.DecideSubmission,
            claim_decisions.decide_submission,
            BILLING,
            needs_case=False,
            concerns=claim_decisions.concerned_cases,
            prepare=claim_decisions.prepare_decisions,
        ),
        CommandSpec(
            "RecordReturn", "返戻を記録する", claim_results.RecordReturn, claim_results.record_return, BILLING
        ),
        CommandSpec(
            "RecordDecision",
            "請求の決定を記録する",
            claim_results.RecordDecision,
            claim_results.record_decision,
            BILLING,
        ),
        CommandSpec(
            "FileCorrection",
            "過誤を申し立てる",
            claim_results.FileCorrection,
            claim_results.file_correction,
            BILLING,
        ),
        CommandSpec(
            "ApplyForProjectCorrection",
            "総合事業費の過誤を申し立てる（申立書）",
            project_corrections.ApplyForProjectCorrection,
            project_corrections.apply_for_correction,
            BILLING,
        ),
        CommandSpec(
            "StateSettlement",
            "委託料の明細書を作成する",
            settlement.StateSettlement,
            settlement.state_settlement,
            BILLING,
            needs_case=False,
            concerns=settlement.concerned_cases,
            prepare=preparing.prepare_settlement,
        ),
    ),
    reactions=REACTIONS,
    views=VIEWS,
    event_types=BILLING_EVENTS,
)
