"""The insurance card by colour (被保険者証) and the copayment certificate (負担割合証): what goes back, what comes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from contracts.codes import Codes
from shared.policy.errors import PolicyError, excluded
from shared.policy.evaluator import Evaluator, Result, result
from shared.policy.fields import Choice, Facts
from shared.policy.parameters import Entry, Parameters

CardEvent = Literal[
    "became_project_eligible", "applied_for_certification", "certified", "share_changed", "lost"
]
Holding = Literal["pink", "green", "none"]
Counter = Literal["ward_branch", "welfare_office"]

CARD_EVENTS: Final[Codes] = {
    "became_project_eligible": "事業対象者に該当",
    "applied_for_certification": "要介護認定の申請",
    "certified": "要支援・要介護の認定",
    "share_changed": "負担割合の変更",
    "lost": "被保険者証の紛失",
}
HOLDINGS: Final[Codes] = {"pink": "ピンク（事業対象者）", "green": "緑（認定者）", "none": "なし"}
COUNTERS: Final[Codes] = {"ward_branch": "区民事務所", "welfare_office": "福祉事務所"}

ISSUING_DESK: Final = "cards.issuing_desk"
"""Parameter, and in the table of moves the place, of the desk that issues the card of who has applied (A-Q22)."""

REISSUE: Final = "cards.reissue"
"""Parameter: colour lost → counter → the steps to a new card, each by whom and what (A-Q23)."""

PINK, GREEN, CERTIFICATE = "pink_card", "green_card", "copayment_certificate"
_CARD: Final[Mapping[str, str]] = {"pink": PINK, "green": GREEN}

Step = tuple[str, str]
"""Who does it (a party, a desk or a counter), and what."""


@dataclass(frozen=True, slots=True)
class Cards:
    """What the person returns, is issued and keeps, and who does what in order."""

    returned: tuple[str, ...]
    issued: tuple[str, ...]
    kept: tuple[str, ...]
    steps: tuple[Step, ...]
    rules: tuple[str, ...]
    used: tuple[Entry, ...] = ()


_REGISTERED: Final[tuple[Step, ...]] = (("ward", "register"), ("ward", "issue"))
_HANDED_IN: Final[tuple[Step, ...]] = (("centre", "advise_return"), ("person", "return"), ("ward", "issue"))

_MOVES: Final[Mapping[tuple[CardEvent, Holding], Cards]] = {
    ("became_project_eligible", "none"): Cards(
        (),
        (PINK, CERTIFICATE),
        (),
        (("centre", "submit_checklist_and_request"), *_REGISTERED),
        ("A-Q12b", "A-Q21c"),
    ),
    ("became_project_eligible", "green"): Cards(
        (GREEN,),
        (PINK,),
        (CERTIFICATE,),
        (("person", "return_with_request"), ("centre", "submit_checklist_and_request"), *_REGISTERED),
        ("A-Q21c", "A-Q22"),
    ),
    ("became_project_eligible", "pink"): Cards((), (), (PINK, CERTIFICATE), (), ("A-Q21a", "A-Q21c")),
    ("applied_for_certification", "pink"): Cards(
        (PINK,),
        (GREEN,),
        (CERTIFICATE,),
        (("person", "return_with_application"), (ISSUING_DESK, "issue")),
        ("A-Q21c", "A-Q22"),
    ),
    ("applied_for_certification", "none"): Cards(
        (), (GREEN,), (), ((ISSUING_DESK, "issue"),), ("A-Q21c", "A-Q22")
    ),
    ("applied_for_certification", "green"): Cards((), (), (GREEN, CERTIFICATE), (), ("A-Q21c", "A-Q22")),
    ("certified", "pink"): Cards(
        (PINK, CERTIFICATE), (GREEN, CERTIFICATE), (), _HANDED_IN, ("A-Q21b", "A-Q21c")
    ),
    ("certified", "none"): Cards((), (GREEN, CERTIFICATE), (), (("ward", "issue"),), ("A-Q21c",)),
    ("certified", "green"): Cards((), (), (GREEN, CERTIFICATE), (), ("A-Q21b", "A-Q21c", "A-Q22")),
    ("share_changed", "pink"): Cards(
        (PINK, CERTIFICATE), (PINK, CERTIFICATE), (), _HANDED_IN, ("A-Q21b", "A-Q21c")
    ),
    ("share_changed", "green"): Cards((CERTIFICATE,), (CERTIFICATE,), (GREEN,), _HANDED_IN, ("A-Q21c",)),
}
"""(event, holding) → what happens, apart from loss; share_changed without a card is refused."""


def cards(event: CardEvent, holding: Holding, at: Counter | None, parameters: Parameters) -> Cards:
    """Tell what happens to the cards of a person at an event (A-Q12b, A-Q21b, A-Q21c, A-Q22, A-Q23).

    ``holding`` is the colour held, or lost. ``at`` is the counter that takes the report of a loss. The question bears
    no date, so what the insurer stated last counts.

    :raises PolicyError: a loss without a card or a counter, a counter without a loss, a share without a card.
    :raises ParameterError: the insurer has not stated its cards' colours, who issues one, or who reissues a lost one.
    """
    used = [parameters.last("cards.colours")]
    if event == "lost":
        return _reissue(holding, at, [*used, parameters.last(REISSUE)])
    if at is not None:
        raise excluded("at", "窓口（at）は紛失（lost）のときだけ入力します。null にしてください（A-Q23）。")
    found = _MOVES.get((event, holding))
    if found is None:
        raise excluded(
            "holding",
            "被保険者証がない人の負担割合の変更はありません。pink か green を入力してください（A-Q21b）。",
        )
    if all(by != ISSUING_DESK for by, _ in found.steps):
        return replace(found, used=tuple(used))
    desk = parameters.last(ISSUING_DESK)
    steps = tuple((desk.value if by == ISSUING_DESK else by, action) for by, action in found.steps)
    return replace(found, steps=steps, used=(*used, desk))


def _reissue(holding: Holding, at: Counter | None, used: Sequence[Entry]) -> Cards:
    if holding == "none":
        raise excluded("holding", "なくした被保険者証の色を pink か green で入力してください（A-Q23）。")
    if at is None:
        raise PolicyError(
            "missing_field",
            "at",
            "紛失のときは受付の窓口を ward_branch（区民事務所）か welfare_office（福祉事務所）で入力してください"
            "（A-Q23）。",
        )
    steps = tuple((by, action) for by, action in used[-1].value[holding][at])
    return Cards((), (_CARD[holding],), (CERTIFICATE,), steps, ("A-Q21c", "A-Q23"), tuple(used))


class CardInput(Facts):
    """Input of ``card``."""

    event = Choice(CARD_EVENTS, required=True, metadata={"title": "できごと"})
    holding = Choice(
        HOLDINGS, required=True, metadata={"title": "持っている（紛失では、なくした）被保険者証"}
    )
    at = Choice(COUNTERS, load_default=None, allow_none=True, metadata={"title": "紛失を受け付ける窓口"})


def evaluate_card(facts: Mapping[str, Any], parameters: Parameters) -> Result:
    """``card`` as an evaluator (A-Q21b, A-Q21c, A-Q22, A-Q23)."""
    found = cards(**facts, parameters=parameters)
    values = {
        "return": list(found.returned),
        "issue": list(found.issued),
        "keep": list(found.kept),
        "steps": [{"by": by, "action": action} for by, action in found.steps],
    }
    return result(values, found.rules, found.used)


CARD = Evaluator("card", "被保険者証と負担割合証の返還・発行・再交付の手順を答える", CardInput, evaluate_card)
