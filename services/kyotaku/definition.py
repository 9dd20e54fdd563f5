"""The office's service: 居宅介護支援事業所."""

from dataclasses import replace
from typing import Final

from services.kyotaku import capacity, case, commands, designation, move, review, risk, switch
from services.kyotaku.reactions import CONSEQUENCES, REACTIONS
from services.kyotaku.views import VIEWS
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

_SERVICE: Final = Service(
    name="kyotaku",
    role="kyotaku",
    title="居宅介護支援事業所",
    commands={
        **named(
            CommandSpec(
                "OpenCase", "ケースを開く", opening.OpenCaseAtOffice, opening.open_case, CARE, opens_case=True
            ),
            CommandSpec(
                "RequestSimultaneousContract",
                "同時契約を包括に依頼する",
                commands.RequestSimultaneousContract,
                case.request_simultaneous_contract,
                CARE,
            ),
        ),
        **CONTRACT_COMMANDS,
        **CLAIM_COMMANDS,
        **named(REQUEST_CLOSING, CONFIRM_MONTH),
        **named(
            CommandSpec(
                "FileNotification",
                "届出書を提出する",
                notifications.FileNotification,
                notifications.file_notification,
                CARE,
            ),
            CommandSpec(
                "CorrectNotification",
                "差し戻された届出書を訂正して提出する",
                notifications.CorrectNotification,
                notifications.correct_notification,
                CARE,
            ),
            CommandSpec(
                "RequestRecords", "資料の閲覧を申請する", commands.RequestRecords, case.request_records, CARE
            ),
        ),
        **CARE_COMMANDS,
        **HANDING_COMMANDS,
        **named(
            CommandSpec(
                "SubmitDraft", "計画原案を包括に提出する", drafts.SubmitDraft, drafts.submit_draft, CARE
            ),
            CommandSpec(
                "SubmitPlan", "計画書（写し）を包括に提出する", commands.SubmitPlan, case.submit_plan, CARE
            ),
            CommandSpec(
                "ConsultCentre",
                "暫定プランについて包括に事前相談する",
                provisional.ConsultCentre,
                provisional.consult_centre,
                CARE,
            ),
            CommandSpec("SwitchMode", "類型の変更を報告する", commands.SwitchMode, switch.switch_mode, CARE),
            CommandSpec(
                "SubmitProgressRecord",
                "支援経過記録を包括に提出する",
                commands.SubmitProgressRecord,
                switch.submit_progress_record,
                CARE,
            ),
            CommandSpec(
                "ReturnOriginals",
                "原本を包括に返却する",
                commands.ReturnOriginals,
                case.return_originals,
                CARE,
            ),
            CommandSpec(
                "ReportCircumstance",
                "利用者の状況変化を包括に連絡する",
                commands.ReportCircumstance,
                case.report_circumstance,
                CARE,
            ),
            CommandSpec(
                "SubmitReviewDocuments",
                "計画の検証の書類を包括に提出する",
                review.SubmitReviewDocuments,
                review.submit_review_documents,
                CARE,
            ),
            CommandSpec(
                "ChangeOffice",
                "居宅の変更を連絡する",
                office_change.ChangeOffice,
                office_change.change_office,
                CARE,
            ),
            CommandSpec(
                "MoveToOtherCentre",
                "区内転居による担当の包括の変更を連絡する",
                move.MoveToOtherCentre,
                move.move_to_other_centre,
                CARE,
            ),
            CommandSpec(
                "ApplyForDesignation",
                "指定を申請する・変更を届け出る",
                designation.ApplyForDesignation,
                designation.apply_for_designation,
                frozenset({"administrator", "care_manager", "staff"}),
                needs_case=False,
            ),
            CommandSpec(
                "StateCapacity",
                "受託できる件数を包括に知らせる",
                capacity.StateCapacity,
                capacity.state_capacity,
                frozenset({"administrator", "care_manager", "staff"}),
                needs_case=False,
            ),
            CommandSpec("ReportRisk", "リスク対応策を区に報告する", risk.ReportRisk, risk.report_risk, CARE),
        ),
        **SUPPORT_COMMANDS,
        **named(settling_command(CONSEQUENCES, CARE)),
    },
    reactions=REACTIONS,
    views=VIEWS,
    event_types=CARE_EVENTS,
)

SERVICE: Final = replace(_SERVICE, commands=while_supported(files_go_along(each_warned(_SERVICE.commands))))
