"""When a care conference (サービス担当者会議) is due, and when it is not."""

from collections.abc import Mapping
from typing import Any, Final, Literal

from contracts.codes import Codes
from shared.policy.errors import PolicyError
from shared.policy.evaluator import Evaluator, Result, result
from shared.policy.fields import Choice, Facts, Flag
from shared.policy.parameters import Parameters

Occasion = Literal["new", "renewal", "category_change", "major_change", "planner_change", "goal_year_end"]
Required = Literal["yes", "no", "recommended"]

MEETING_OCCASIONS: Final[Codes] = {
    "new": "新規開始",
    "renewal": "認定更新",
    "category_change": "区分変更",
    "major_change": "大幅な計画変更",
    "planner_change": "同じ事業所の中での計画作成者の変更",
    "goal_year_end": "目標の1年の終わり（大幅な変更なし）",
}
"""What makes somebody ask whether to meet."""


def meeting_required(occasion: Occasion, handover_sufficient: bool | None) -> Required:
    """Tell whether a meeting is due (A-Q41, A-Q43; A-Q39, A-Q40 and A-Q42 for the end of a goal's year).

    ``handover_sufficient`` matters at a change of the planner within one office only.

    :raises PolicyError: at such a change nothing is said of the handover.
    """
    match occasion:
        case "goal_year_end":
            return "no"
        case "planner_change":
            if handover_sufficient is None:
                raise PolicyError(
                    "missing_field",
                    "handover_sufficient",
                    "引き継ぎが十分に行われたかを true か false で入力してください（A-Q43）。",
                )
            return "no" if handover_sufficient else "recommended"
        case _:
            return "yes"


_RULES: Final[Mapping[str, tuple[str, ...]]] = {
    "planner_change": ("A-Q43",),
    "goal_year_end": ("A-Q39", "A-Q40", "A-Q42"),
}


class MeetingInput(Facts):
    """Input of ``meeting``."""

    occasion = Choice(MEETING_OCCASIONS, required=True, metadata={"title": "きっかけ"})
    handover_sufficient = Flag(
        load_default=None, allow_none=True, metadata={"title": "引き継ぎが十分（計画作成者の変更のとき）"}
    )


def evaluate_meeting(facts: Mapping[str, Any], parameters: Parameters) -> Result:
    """``meeting`` as an evaluator (A-Q39 to A-Q43).

    The occasions of A-Q41 are the national standard's and need no parameter. What a good handover spares is each
    insurer's to state; the question bears no date, so what it stated last counts.

    :raises ParameterError: the planner changed, and the insurer has not stated what that means for a meeting.
    """
    stated = [parameters.last("meeting.planner_change")] if facts["occasion"] == "planner_change" else []
    required = meeting_required(**facts)
    return result({"required": required}, _RULES.get(facts["occasion"], ("A-Q41",)), stated)


MEETING = Evaluator("meeting", "サービス担当者会議の開催が必要か判定する", MeetingInput, evaluate_meeting)
