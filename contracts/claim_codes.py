"""Codes of claims and their submission, each with its Japanese term: where they go, what became of them."""

from typing import Final

from contracts.codes import Codes

ROUTES: Final[Codes] = {"ward": "区", "federation": "国保連"}
"""Where a claim goes."""

SUBMITTED_KINDS: Final[Codes] = {"claim": "請求", "cancellation": "請求の取消", "slip": "給付管理票"}
"""What a line of a submission is."""

SUBMISSION_MEANS: Final[Codes] = {
    "transmission": "インターネット伝送",
    "courier": "文書交換便",
    "brought": "持参",
}
"""How claim data reach whoever examines them."""

MEDIUM_CONTENTS: Final[Codes] = {
    "medium": "総合事業（介護予防ケアマネジメント費請求）用USB",
    "receipt_slip": "総合事業ケアマネジメント費請求 受取確認書／受領書",
}
"""What the bag of a data medium holds (A-S1, A-S2)."""

LATE_REASONS: Final[Codes] = {
    "performance": "実績報告の遅れ",
    "cut_off": "締切に間に合わなかった",
    "returned": "返戻",
    "corrected": "訂正",
    "other": "その他",
}
"""Why a month is claimed later than in the month after it (月遅れ)."""

CLAIM_RETURNS: Final[Codes] = {
    "notification": "届出がない、または届出と合わない",
    "slip": "給付管理票がない、または合わない",
    "person": "被保険者番号・資格が合わない",
    "twice": "すでに請求されている",
    "data": "データの誤り",
    "other": "その他",
}
"""Why a claim is returned (返戻)."""

CLAIM_OUTCOMES: Final[Codes] = {"as_claimed": "請求のとおり決定", "assessed": "査定"}
"""How a claim was decided."""

CORRECTION_ROUTES: Final[Codes] = {
    "same_file": "例月の請求データに取消を入れる",
    "application": "過誤申立",
}
"""How a decided claim is taken back."""

SLIP_PLANNERS: Final[Codes] = {
    "1": "居宅介護支援事業所",
    "2": "自己作成",
    "3": "介護予防支援事業所・地域包括支援センター",
}
"""Who makes the plan, as a benefit slip codes it (item 16)."""

SLIP_KINDS: Final[Codes] = {"1": "新規", "2": "修正", "3": "取消"}
"""What a benefit slip is to the one before it (item 5)."""

WORKSHEET_OUTCOMES: Final[Codes] = {
    "drafted": "請求案を作成した",
    "unchanged": "いまの請求案のまま",
    "blocked": "請求できない",
    "with_examiner": "提出済み",
}
"""What closing a person's month came to."""

CLAIM_STAGES: Final[Codes] = {
    "drafted": "確認待ち",
    "confirmed": "確認済み（提出待ち）",
    "submitted": "提出済み",
    "decided": "決定",
}
"""How far a month's claim was when a later fact changed it."""
