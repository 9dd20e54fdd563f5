"""Codes that events carry, each with its Japanese term: one word for one thing, as the glossary says."""

from collections.abc import Mapping
from typing import Final

Codes = Mapping[str, str]

TYPES: Final[Codes] = {
    "preventive_support": "介護予防支援",
    "care_management_a": "介護予防ケアマネジメントA",
}
"""Type of a case in a month: what its care management is claimed as."""

TRACKS: Final[Codes] = {"designated": "居宅指定", "entrusted": "再委託", "direct": "包括直営"}
"""Who does the care management, and under what title."""

STATUSES: Final[Codes] = {
    "none": "非該当",
    "project_eligible": "事業対象者",
    "support1": "要支援1",
    "support2": "要支援2",
    "care1": "要介護1",
    "care2": "要介護2",
    "care3": "要介護3",
    "care4": "要介護4",
    "care5": "要介護5",
}

CERTIFICATION_STATUSES: Final[Codes] = {
    code: title for code, title in STATUSES.items() if code != "project_eligible"
}
"""What a certification can result in: nobody is certified 事業対象者, a checklist makes one (A-Q12b)."""

SERVICE_KINDS: Final[Codes] = {
    "A1": "訪問型サービス（みなし）",
    "A2": "訪問型サービス（独自）",
    "A3": "訪問型サービス（独自・定率）",
    "A4": "訪問型サービス（独自・定額）",
    "A5": "通所型サービス（みなし）",
    "A6": "通所型サービス（独自）",
    "A7": "通所型サービス（独自・定率）",
    "A8": "通所型サービス（独自・定額）",
    "24": "介護予防短期入所生活介護",
    "25": "介護予防短期入所療養介護（老健）",
    "26": "介護予防短期入所療養介護（療養病床等）",
    "2B": "介護予防短期入所療養介護（介護医療院）",
    "34": "介護予防居宅療養管理指導",
    "62": "介護予防訪問入浴介護",
    "63": "介護予防訪問看護",
    "64": "介護予防訪問リハビリテーション",
    "66": "介護予防通所リハビリテーション",
    "67": "介護予防福祉用具貸与",
    "69": "介護予防小規模多機能型居宅介護（短期利用）",
    "74": "介護予防認知症対応型通所介護",
    "75": "介護予防小規模多機能型居宅介護",
    "community_b": "住民主体の支援",
    "general": "一般介護予防事業",
}
"""Kinds of service: project services (総合事業), preventive benefit (予防給付), and what is neither."""

CARDS: Final[Codes] = {
    "pink_card": "被保険者証（ピンク）",
    "green_card": "被保険者証（緑）",
    "copayment_certificate": "負担割合証",
}
"""What a person holds of the insurer; a card is pink for 事業対象者, green for who is certified."""

SHARES: Final[Codes] = {"10": "1割", "20": "2割", "30": "3割"}

ATTACHMENTS: Final[Codes] = {"basic_checklist": "基本チェックリスト【申請】（様式1）"}
"""What goes to the ward in one set with a notification."""

DESKS: Final[Codes] = {
    "elderly_project": "高齢者福祉課 総合事業グループ",
    "elderly_welfare": "高齢者福祉課",
    "insurance_benefits": "介護保険課 給付グループ",
    "insurance": "介護保険課",
    "community_care": "地域包括ケア推進課",
    "insurance_guidance": "介護保険課 事業者指導係",
}
"""Desks of ward offices at which notifications arrive."""

COMPLAINTS: Final[Codes] = {
    "project": "総合事業",
    "designated_office": "指定事業者など介護保険制度に係る部分",
    "any_service": "介護サービス全体",
}
"""What a complaint is about."""

PERSONS_DESKS: Final[Codes] = {
    **DESKS,
    "federation": "国民健康保険団体連合会",
    "core_centre": "基幹地域包括支援センター",
}
"""Where a person or an agency turns to: the desks of wards, and two that are no part of a ward office."""

FORMS: Final[Codes] = {
    "combined_request": "介護予防サービス計画作成・介護予防ケアマネジメント依頼（変更）届出書",
    "planning_request": "介護予防サービス計画作成依頼（変更）届出書",
    "care_management_request": "介護予防ケアマネジメント依頼（変更）届出書",
}

OCCASIONS: Final[Codes] = {
    "first": "初めての届出",
    "to_care_management_a": "ケアマネジメントAへの変更",
    "to_preventive_support": "介護予防支援への変更",
    "add_preventive_benefit": "予防給付の追加",
    "new_project_eligible": "新しい事業対象者",
}
"""What makes a notification due."""

CONTRACTS: Final[Codes] = {
    "preventive_support": "介護予防支援利用契約書",
    "preventive_support_and_care_management": "介護予防支援・介護予防ケアマネジメント利用契約書",
}

SIGNERS: Final[Codes] = {"person": "本人", "family": "家族", "representative": "代理人"}

PROCEDURES: Final[Codes] = {"toshima_2024": "豊島区モデル実施", "principle": "原則の手続き"}
"""Which procedure a case follows when its type changes back and forth."""

PREVIOUS_KINDS: Final[Codes] = {
    "care_management_a": "介護予防ケアマネジメントA",
    "preventive_support": "介護予防支援",
    "care_support": "居宅介護支援",
}

PROJECT_SERVICES: Final[Codes] = {code: SERVICE_KINDS[code] for code in (f"A{n}" for n in range(1, 9))}
"""Services of the ward's project for which it designates providers."""

MONTH_OCCASIONS: Final[Codes] = {
    "contract_started": "利用契約の開始",
    "contract_ended": "利用契約の解除",
    "short_stay": "短期入所",
    "hospital": "入院",
}
"""What happened in the middle of a month and may change how a project service is paid in it (A-Q47, A-Q61)."""

PRICED_BY: Final[Codes] = {"month": "月額包括報酬", "visit": "提供回数"}
"""By what a project service is priced (A-Q57, A-Q60)."""

SERVICE_ADDITIONS: Final[Codes] = {"treatment_improvement": "処遇改善加算", "other": "その他の加算"}
"""What a project service's month is paid beside its basic units (A-Q59)."""

PROJECT_USES: Final[Codes] = {"ended": "利用がなくなった", "resumed": "利用を再開した"}
"""Whether an entrusted person uses the ward's project."""

PLAN_OCCASIONS: Final[Codes] = {
    "first": "初回",
    "renewal": "更新",
    "category_change": "区分変更",
    "revision": "変更",
    "provisional": "暫定",
}

SHEETS: Final[Codes] = {"A": "A表", "B": "B表", "C": "C表", "D": "D表（週間計画表）"}

RECORDS: Final[Codes] = {"certification_survey": "認定調査票", "doctor_opinion": "主治医意見書"}

RETURN_REASONS: Final[Codes] = {
    "missing_field": "記入もれ",
    "missing_signature": "自署なし",
    "missing_mark": "「同時契約」の記載なし",
    "wrong_desk": "提出先ちがい",
    "missing_attachment": "一緒に提出する書類なし",
    "other": "その他",
}

FORM_FIELDS: Final[Codes] = {
    "name": "氏名",
    "kana": "フリガナ",
    "birth_date": "生年月日",
    "insured_number": "被保険者番号",
    "address": "住所",
    "telephone": "電話番号",
    "start_date": "サービス開始年月日",
    "signature": "自署",
    "mark": "「同時契約」の記載",
}
"""Fields of a notification that a desk checks."""

ASSIGNMENT_TRACKS: Final[Codes] = {"designated": "居宅指定", "entrusted": "再委託"}
"""In which track an office takes over a case that its centre did itself."""

PROVIDED_RECORDS: Final[Codes] = {
    **RECORDS,
    "basic_information": "利用者基本情報",
    "plan": "サービス計画書（写し）",
}
"""What an agency hands over of what it holds about the person."""

SWITCH_REASONS: Final[Codes] = {
    "benefit_ended": "予防給付の利用終了",
    "benefit_started": "予防給付の利用開始",
    "status_changed": "状態区分の変更",
}

ENTRUSTMENT_ENDS: Final[Codes] = {
    "returned_to_designated": "居宅指定への変更",
    "contract_ended": "委託契約の終了",
    "case_closed": "支援の終了",
}

ORIGINALS: Final[Codes] = {
    "basic_information": "利用者基本情報",
    "basic_checklist": "基本チェックリスト",
    "assessment": "アセスメント",
    "interest_checklist": "興味・関心チェックシート",
    "plan": "サービス計画書（A〜C表）",
    "weekly_plan": "週間計画表（D表）",
    "use_sheet": "利用票",
    "meeting_record": "サービス担当者会議の要点",
    "monitoring": "モニタリングの記録",
    "evaluation": "評価表（F表）",
    "progress_record": "経過記録",
}
"""Documents of the care process whose originals an agency keeps."""

STARRED: Final[Codes] = {
    code: ORIGINALS[code]
    for code in (
        "basic_information",
        "basic_checklist",
        "assessment",
        "interest_checklist",
        "plan",
        "weekly_plan",
        "meeting_record",
        "monitoring",
        "evaluation",
    )
}
"""The nine ★ documents of a plan review (T-50): exactly these."""

REVIEW_OCCASIONS: Final[Codes] = {"renewal": "更新", "category_change": "区分変更", "other": "その他の時期"}
"""When a plan is reviewed: at a renewal and the like (ケアプラン更新等のタイミング)."""

DRAFT_OUTCOMES: Final[Codes] = {"confirmed": "確認", "returned": "見直しの依頼"}
"""What a centre says of a draft."""

PROVIDER_DOCUMENTS: Final[Codes] = {
    "individual_plan": "個別サービス計画書",
    "provider_monitoring": "サービス事業所のモニタリングの記録",
}
"""What a service office gives to whoever plans."""

HANDED_DOCUMENTS: Final[Codes] = {**ORIGINALS, "individual_plan": "個別サービス計画書"}
"""Documents that office and centre hand to each other."""

DOCUMENTS: Final[Codes] = {
    "office_contract": "介護予防支援利用契約書",
    "centre_contract": "介護予防支援・介護予防ケアマネジメント利用契約書",
    "explanation": "重要事項説明書",
    "consent": "個人情報使用同意書",
    "checklist_request": "基本チェックリスト【申請】（様式1）",
    "office_notification": "届出書（居宅）",
    "centre_notification": "届出書（包括）",
    "switch_report": "類型の変更の報告・支援経過記録",
    **RECORDS,
    **HANDED_DOCUMENTS,
    "provider_monitoring": "サービス事業所のモニタリングの記録",
    "provision_sheet": "提供票",
    "performance": "実績報告",
    "claim": "請求",
    "provisional_plan": "暫定プラン",
}
"""Documents that the ledger of a case keeps."""

FILE_KINDS: Final[Codes] = {"pdf": "PDF", "png": "PNG画像", "jpeg": "JPEG画像"}
"""What a file that is attached to a document may be."""

HANDED_AS: Final[Codes] = {"original": "原本", "copy": "写し"}

CIRCUMSTANCES: Final[Codes] = {
    "category_change": "介護度の変更",
    "moved_out": "転出",
    "moved_within": "区内転居",
    "admitted": "施設入所",
    "died": "死亡",
}

DISCREPANCIES: Final[Codes] = {
    "contract_not_held": "同時契約があるとした変更ですが、包括に同時契約がありません",
    "type_unchanged": "変更後の類型に、すでになっています",
    "decided_twice": "すでに受理または差戻しをした届出書に、もう一つの決定が届きました",
    "answered_twice": "すでに返事のあった同時契約の依頼に、もう一つの返事が届きました",
    "entrusted_twice": "委託中のケースに、もう一つの委託が届きました",
    "entrustment_unknown": "委託していないケースの、委託の終了が届きました",
    "ended_twice": "すでに終わった支援に、理由か日付のちがう終了が届きました",
    "filed_twice": "すでに届いている回の届出書が、もう一度届きました",
    "confirmed_otherwise": "請求案とちがう事業所または金額の、請求の確認が届きました",
    "result_differs": "すでに結果のある請求に、ちがう結果（返戻または決定）が届きました",
}
"""How a partner's event contradicts what an agency knows: it is kept, and a person settles it."""

DISCREPANCY_OUTCOMES: Final[Codes] = {
    "event_stands": "届いた内容を正しいものとして扱う",
    "event_void": "届いた内容は誤りとして扱わない",
}
"""How a discrepancy was settled between the two agencies."""

PROSPECTS: Final[Codes] = {
    "undecidable": "要支援か要介護か判断できない",
    "support": "要支援の見込み",
    "care": "要介護の見込み",
}
"""What result of an application is expected when a provisional plan is made."""

PROVISIONAL_RESULTS: Final[Codes] = {"none": "非該当", "support": "要支援", "care": "要介護"}
"""What the result of the application means for a provisional plan."""

PROVISIONAL_PARTS: Final[Codes] = {"project": "サービス事業", "benefit": "給付"}
"""The two sides between which a person chooses after a care level (A-Q17x)."""

PAYERS: Final[Codes] = {
    "project_budget": "総合事業",
    "preventive_benefit": "予防給付",
    "care_benefit": "介護給付",
    "self": "全額自己負担",
    "none": "なし",
    "undecided": "資料に記載がないため、人が決める",
}
"""Who pays what was used while the result was awaited (A-Q17)."""

WELFARE_PAPERS: Final[Codes] = {
    "provisional_plan": "暫定プラン",
    "use_sheet": "利用票",
    "use_sheet_table": "利用票別表",
}
"""What a welfare office wants before service under a provisional plan."""

SUPPORT_ENDS: Final[Codes] = {
    "died": "死亡",
    "moved_out": "転出",
    "admitted": "施設入所",
    "moved_within": "区内転居（担当の包括の変更）",
    "office_changed": "居宅の変更",
    "to_care": "要介護への変更",
    "not_eligible": "非該当",
    "wish": "本人の希望",
    "other": "その他",
}
"""Why the support of a person ends; the first three follow from a circumstance of the same code."""

SUPPORT_RESUMPTIONS: Final[Codes] = {
    "discharged": "施設からの退所",
    "returned": "再び区内に転入",
    "mistaken": "終了の記録の誤り",
    "other": "その他",
}

CERTIFICATION_OCCASIONS: Final[Codes] = {"new": "新規", "renewal": "更新", "category_change": "区分変更"}

MONITORING_MEANS: Final[Codes] = {"visit": "居宅訪問", "meet": "面接（通所先など）", "call": "電話"}

EVALUATION_OUTCOMES: Final[Codes] = {"continue": "プラン継続", "change": "プラン変更", "end": "終了"}

DECLINE_REASONS: Final[Codes] = {
    "outside_area": "担当地域外",
    "person_declined": "本人の希望",
    "capacity": "受け入れ困難",
    "other": "その他",
}

DESIGNATED_SERVICES: Final[Codes] = {"preventive_support": "介護予防支援"}

LAPSES: Final[Codes] = {
    "simultaneous_contract": "同時契約",
    "centre_contract": "これまでの包括の利用契約",
    "held_notification": "これまでの包括が保管している届出書",
    "entrustment": "これまでの包括からの委託",
}
"""What ends when a person moves within the ward into another centre's area."""

NEW_AFTER_MOVE: Final[Codes] = {
    "case": "新しいケース",
    "risk_report": "リスク対応策の区への報告",
    "simultaneous_contract": "同時契約（居宅と新しい包括の契約）",
    "held_notification": "新しい包括による届出書の作成・保管",
    "contract_each_change": "類型が変わるたびの新しい契約と届出",
    "centre_contract": "新しい包括の利用契約",
    "notification": "新しい包括の届出書の提出",
    "entrustment": "新しい包括からの委託",
}
"""What begins with the centre of the new address."""

ENDS_WITH_OFFICE: Final[Codes] = {
    "entrustment": "これまでの居宅への委託",
    "office_contract": "これまでの居宅の利用契約",
    "simultaneous_contract": "これまでの居宅との同時契約",
    "held_notification": "包括が保管している届出書",
}
"""What ends when another office takes over; the centre's own contract stays."""

NEW_WITH_OFFICE: Final[Codes] = {
    "case": "新しいケース",
    "risk_report": "リスク対応策の区への報告",
    "simultaneous_contract": "新しい居宅と包括の同時契約",
    "office_contract": "新しい居宅の利用契約",
    "held_notification": "包括による届出書の作成・保管",
    "entrustment": "新しい居宅への委託",
    "notification": "届出書の提出（変更）",
}
"""What begins with the office that takes over."""

VOID_REASONS: Final[Codes] = {
    "model_ended": "モデル実施の終了",
    "moved_within": "区内転居による担当の包括の変更",
    "office_changed": "居宅の変更",
}
"""Why a held notification is void though it was never used (decision 25)."""

DESIGNATION_KINDS: Final[Codes] = {"new": "新規", "renewal": "更新", "change": "変更"}

DESIGNATION_RETURNS: Final[Codes] = {
    "missing_papers": "書類の不足",
    "wrong_day": "指定日ちがい",
    "hearing_pending": "意見聴取がまだ",
    "other": "その他",
}

OFFICE_CHANGES: Final[Codes] = {
    "name": "事業所の名称",
    "address": "所在地",
    "corporation": "法人・代表者",
    "manager": "管理者",
    "hours": "営業日・営業時間",
    "other": "その他",
}
"""What an office gives notice of when it changes."""

MODELS: Final[Codes] = {"toshima_2024": "介護予防支援（居宅指定）モデル実施（2024年10月から）"}
