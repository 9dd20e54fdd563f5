"""Japanese words for the codes in parameters' values, for people who read the values."""

from collections.abc import Mapping
from typing import Final

from contracts import claim_codes, codes
from contracts.events.intake import YES_NO

_OF_PARAMETERS: Final[Mapping[str, str]] = {
    "address": "あて先",
    "at_least": "最少数",
    "basic": "基本",
    "basic_and_initial": "基本と初回加算",
    "centre": "包括",
    "certified": "認定を受けた人",
    "code": "事由コード",
    "counter": "窓口での案内",
    "designation": "事業者の指定",
    "fax": "FAX",
    "first": "初め",
    "form": "様式",
    "group": "部署",
    "group_home": "グループホーム",
    "improvement": "処遇改善加算",
    "initial": "初回加算",
    "last": "終わり",
    "linkage": "委託連携加算",
    "mail": "メール",
    "most": "上限",
    "name": "名称",
    "office": "居宅",
    "other": "そのほか",
    "paper": "紙の申請書",
    "plan_review": "計画の検証",
    "project": "総合事業",
    "records": "資料の閲覧申請",
    "risk_report": "リスク対応策の報告",
    "route": "方法",
    "services": "サービス種類",
    "small_multifunction": "小規模多機能型居宅介護",
    "specified_facility": "特定施設",
    "takes": "受け取るもの",
    "telephone": "電話",
    "to": "提出先",
}
_TABLES: Final = (
    codes.TYPES,
    codes.TRACKS,
    codes.STATUSES,
    codes.OCCASIONS,
    codes.FORMS,
    codes.PERSONS_DESKS,
    codes.DESKS,
    claim_codes.ROUTES,
    claim_codes.CORRECTION_ROUTES,
    claim_codes.SUBMISSION_MEANS,
    codes.COMPLAINTS,
    codes.CARDS,
    codes.ATTACHMENTS,
    codes.MODELS,
    YES_NO,
)
WORDS: Final[Mapping[str, str]] = {
    code: word for table in (*reversed(_TABLES), _OF_PARAMETERS) for code, word in table.items()
}
"""Code → word. The words of parameters stand before those of events, where both have one."""
