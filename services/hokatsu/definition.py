"""The centre's service: 地域包括支援センター."""

from dataclasses import replace
from typing import Final

from services.hokatsu import (
    agreements,
    case,
    commands,
    complaints,
    evaluations,
    intake,
    management_types,
    own_cases,
    records,
    review,
)
from services.hokatsu.ages import with_age
from services.hokatsu.events import CENTRE_EVENTS
from services.hokatsu.reactions import CONSEQUENCES, REACTIONS
from services.hokatsu.views import VIEWS
from shared.care import drafts, notifications, office_change, opening, provisional
from shared.care.discrepancies import settling_command
from shared.care.events import CARE_EVENTS
from shared.care.files_along import files_go_along
from shared.care.process import (
    CARE,
    CARE_COMMANDS,
    CLAIM_COMMANDS,
    CONTRACT_COMMANDS,
    HANDING_COMMANDS,
    SUPPORT_COMMANDS,
    named,
)
from shared.care.risk import each_warned
from shared.care.support import while_supported
from shared.node.drafted import CONFIRM_MONTH, REQUEST_CLOSING
from shared.node.service import CommandSpec, Service

STAFF: Final = CARE
COUNTER: Final = CARE | {"dementia_specialist"}
"""Who may consult, explain, advise and do the checklist; 認知症専門員 do no more than that (A-Q5)."""
CORPORATION: Final = frozenset({"administrator", "staff"})

_SERVICE: Final = Service(
    name="hokatsu",
    role="hokatsu",
    title="地域包括支援センター",
    commands={
        **named(
            CommandSpec(
                "OpenCase",
                "ケースを開く",
                opening.OpenCaseAtCentre,
                opening.open_case,
                COUNTER,
                opens_case=True,
            ),
            CommandSpec(
                "RecordConsultation",
                "窓口での相談を記録する",
                intake.RecordConsultation,
                intake.record_consultation,
                COUNTER,
                prepare=with_age,
            ),
            CommandSpec(
                "RecordChecklist",
                "基本チェックリストを実施する",
                intake.RecordChecklist,
                intake.record_checklist,
                COUNTER,
                prepare=with_age,
            ),
            CommandSpec(
                "RecordPreventionChecklist",
                "区独自の介護予防チェックリストを記録する",
                intake.RecordPreventionChecklist,
                intake.record_prevention_checklist,
                COUNTER,
            ),
            CommandSpec(
                "GiveGuidance", "助言・案内を記録する", intake.GiveGuidance, intake.give_guidance, COUNTER
            ),
            CommandSpec(
                "RecordComplaint",
                "苦情を受け付ける",
                complaints.RecordComplaint,
                complaints.record_complaint,
                STAFF,
            ),
            CommandSpec(
                "DecideCareManagement",
                "ケアマネジメントの類型（A・B・C）を決める",
                management_types.DecideCareManagement,
                management_types.decide_care_management,
                STAFF,
            ),
            CommandSpec(
                "ConfirmPerson",
                "本人の状況の確認と制度の説明を記録する",
                intake.ConfirmPerson,
                intake.confirm_person,
                STAFF,
            ),
            CommandSpec(
                "AgreeToSimultaneousContract",
                "同時契約を承諾する",
                commands.AgreeToSimultaneousContract,
                case.agree_to_simultaneous_contract,
                STAFF,
            ),
            CommandSpec(
                "DeclineSimultaneousContract",
                "同時契約を断る",
                commands.DeclineSimultaneousContract,
                case.decline_simultaneous_contract,
                STAFF,
            ),
        ),
        **CONTRACT_COMMANDS,
        **CLAIM_COMMANDS,
        **named(REQUEST_CLOSING, CONFIRM_MONTH),
        **named(
            CommandSpec(
                "PrepareNotification",
                "届出書を作成して保管する",
                commands.PrepareNotification,
                case.prepare_notification,
                STAFF,
            ),
            CommandSpec(
                "FileHeldNotification",
                "保管していた届出書を提出する",
                commands.FileHeldNotification,
                case.file_held_notification,
                STAFF,
            ),
            CommandSpec(
                "VoidHeldNotification",
                "保管していた届出書を無効にする",
                commands.VoidHeldNotification,
                case.void_held_notification,
                STAFF,
            ),
            CommandSpec(
                "FileNotification",
                "届出書を提出する",
                notifications.FileNotificationAtCentre,
                notifications.file_notification,
                STAFF,
            ),
            CommandSpec(
                "CorrectNotification",
                "差し戻された届出書を訂正して提出する",
                notifications.CorrectNotification,
                notifications.correct_notification,
                STAFF,
            ),
            CommandSpec(
                "SignEntrustmentContract",
                "居宅との委託契約を記録する",
                commands.SignEntrustmentContract,
                agreements.sign_entrustment_contract,
                CORPORATION,
                needs_case=False,
            ),
            CommandSpec(
                "AssignOffice",
                "担当の居宅を決める（移行・委託）",
                commands.AssignOffice,
                own_cases.assign_office,
                STAFF,
            ),
            CommandSpec(
                "ChangeType", "直営の類型の変更を記録する", commands.ChangeType, own_cases.change_type, STAFF
            ),
            CommandSpec(
                "StartEntrustment", "居宅に委託する", commands.StartEntrustment, case.start_entrustment, STAFF
            ),
            CommandSpec(
                "EndEntrustment", "委託を終える", commands.EndEntrustment, case.end_entrustment, STAFF
            ),
            CommandSpec(
                "HandOverRecords",
                "資料を居宅に提供する",
                commands.HandOverRecords,
                records.hand_over_records,
                STAFF,
            ),
            CommandSpec(
                "RecordReviewMeeting",
                "元気はつらつ報告会での検討を記録する",
                review.RecordReviewMeeting,
                review.record_review_meeting,
                STAFF,
            ),
            CommandSpec(
                "ProvideReviewResult",
                "計画の検証結果を居宅に提供する",
                review.ProvideReviewResult,
                review.provide_review_result,
                STAFF,
            ),
            CommandSpec(
                "CheckDraft", "計画原案を事前に確認する", drafts.CheckDraft, drafts.check_draft, STAFF
            ),
            CommandSpec(
                "CommentEvaluation",
                "評価表にコメントする",
                evaluations.CommentEvaluation,
                evaluations.comment_evaluation,
                STAFF,
            ),
        ),
        **HANDING_COMMANDS,
        **CARE_COMMANDS,
        **named(
            CommandSpec(
                "CheckProvisionalPlan",
                "暫定プランを事前に確認する",
                provisional.CheckProvisionalPlan,
                provisional.check_provisional_plan,
                STAFF,
            ),
        ),
        **SUPPORT_COMMANDS,
        **named(
            CommandSpec(
                "ChangeOffice",
                "居宅を変更する",
                office_change.ChangeOffice,
                case.change_office_at_centre,
                STAFF,
            ),
        ),
        **named(settling_command(CONSEQUENCES, STAFF)),
        "EndSupport": replace(SUPPORT_COMMANDS["EndSupport"], decide=case.end_support_at_centre),
    },
    reactions=REACTIONS,
    views=VIEWS,
    event_types={**CARE_EVENTS, **CENTRE_EVENTS},
)

SERVICE: Final = replace(_SERVICE, commands=while_supported(files_go_along(each_warned(_SERVICE.commands))))
