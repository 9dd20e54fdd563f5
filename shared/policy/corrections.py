"""How a claim that was already made is withdrawn and corrected (過誤申立)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from contracts.codes import Codes
from shared.policy.evaluator import Evaluator, Result, result
from shared.policy.fields import Choice, Facts
from shared.policy.parameters import Entry, Parameters

CORRECTED: Final[Codes] = {
    "care_management_fee": "介護予防ケアマネジメント費",
    "project_service": "総合事業費（訪問型・通所型）",
}
CLAIM_STATES: Final[Codes] = {"under_review": "審査中", "decided": "給付決定"}
CORRECTION_FORMS: Final[Codes] = {"project": "総合事業用 過誤申立書", "insurance": "介護保険の過誤申立書"}


@dataclass(frozen=True, slots=True)
class Correction:
    """Whether a correction is accepted, by which route, with which code, and where.

    ``code`` is form and reason (様式 2, 申立理由 2), where the route has one. ``reason`` tells in Japanese why it is
    not accepted and what to do.
    """

    accepted: bool
    route: Literal["same_file", "paper"]
    code: str | None
    to: str
    reason: str | None
    rules: tuple[str, ...]
    used: tuple[Entry, ...]


def correction(what: str, claim_state: str, form: str | None, parameters: Parameters) -> Correction:
    """Judge the correction of a claim (A-Q53, A-Q54a, A-Q54b, A-Q54c, A-Q54d).

    The plan fee is corrected by data in the month's own file, without paper; a project service by the project's own
    paper form, once the federation has decided the claim.

    :raises ParameterError: the insurer has published no procedure.
    """
    entry = parameters.last(f"correction.{what}")
    way = entry.value
    reason = _wrong_form(way["form"], form) or _undecided(way["route"], claim_state)
    rules = ("A-Q54a", "A-Q54b", "A-Q54c", "A-Q54d") if way["route"] == "paper" else ("A-Q53",)
    return Correction(reason is None, way["route"], way["code"], way["to"], reason, rules, (entry,))


def _wrong_form(wanted: str | None, form: str | None) -> str | None:
    if form == wanted:
        return None
    if wanted is None:
        return "書面の過誤申立書では申し立てません。例月の請求データと一つのファイルにして提出してください（A-Q53）。"
    if form == "insurance" and wanted == "project":
        return (
            "介護保険の過誤申立書では「介護保険の給付実績なし」のエラーになります。"
            "『総合事業用 過誤申立書』で申し立ててください（A-Q54c）。"
        )
    return f"『{CORRECTION_FORMS[wanted]}』に記入して提出してください（A-Q54a）。"


def _undecided(route: str, claim_state: str) -> str | None:
    if route == "same_file" or claim_state == "decided":
        return None
    return "国保連の審査が終わっていません。給付決定した実績があることを確かめてから申し立ててください（A-Q54b）。"


class CorrectionInput(Facts):
    """Input of ``correction``."""

    what = Choice(CORRECTED, required=True, metadata={"title": "過誤のある請求"})
    claim_state = Choice(CLAIM_STATES, required=True, metadata={"title": "請求の状態"})
    form = Choice(
        CORRECTION_FORMS,
        required=True,
        allow_none=True,
        metadata={"title": "申立書（書面によらないときは null）"},
    )


def evaluate_correction(facts: Mapping[str, Any], parameters: Parameters) -> Result:
    """``correction`` as an evaluator (A-Q53, A-Q54a, A-Q54b, A-Q54c, A-Q54d)."""
    found = correction(**facts, parameters=parameters)
    values = {
        "accepted": found.accepted,
        "route": found.route,
        "code": found.code,
        "to": found.to,
        "reason": found.reason,
    }
    return result(values, found.rules, found.used)


CORRECTION = Evaluator(
    "correction", "過誤申立ができるか、その方法を判定する", CorrectionInput, evaluate_correction
)
