"""What a case knows of how the person came: consultations, checklists, the register, the cards.

Codes of what stays at the centre are here; those that cross are in ``contracts.codes``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from contracts.codes import Codes

PROJECT_PARTS: Final[Codes] = {
    "visit": "訪問型サービス",
    "day": "通所型サービス",
    "other_life_support": "その他の生活支援サービス",
    "care_management": "介護予防ケアマネジメント",
}
"""The services of 介護予防・生活支援サービス事業: for support levels and 事業対象者 (A-Q1a)."""

GENERAL_PARTS: Final[Codes] = {
    "grasp": "介護予防把握事業",
    "awareness": "介護予防普及啓発事業",
    "local_activity": "地域介護予防活動支援事業",
    "project_evaluation": "一般介護予防事業評価事業",
    "regional_rehabilitation": "地域リハビリテーション活動支援事業",
}
"""The parts of 一般介護予防事業: for everybody of 65 or more and those who help them (A-Q1a)."""

WISHES: Final[Codes] = {
    **PROJECT_PARTS,
    "benefit": "予防給付（福祉用具、訪問看護など）",
    **GENERAL_PARTS,
    "checklist_only": "基本チェックリストだけを受けたい",
    "unclear": "まだ決まっていない",
}
"""What somebody asks for at the counter."""

VISITORS: Final[Codes] = {
    "person": "本人",
    "family": "家族・親族",
    "office": "居宅介護支援事業所",
    "provider": "サービス事業所",
    "other": "その他",
}
"""Who comes, or who answers the checklist."""

MEANS: Final[Codes] = {
    "counter": "来所",
    "telephone": "電話",
    "home_visit": "相談者宅の訪問",
}

STAFF: Final[Codes] = {
    "three_professions": "三職種（保健師、社会福祉士、主任介護支援専門員など）",
    "care_manager": "介護支援専門員等の資格を有する職員",
    "dementia_specialist": "認知症専門員",
    "other": "その他の職員",
}
"""Who at the centre does it (A-Q5)."""

NEXT_STEPS: Final[Codes] = {
    "certification": "要介護認定の申請を案内する",
    "checklist": "基本チェックリストを実施する",
    "prevention": "介護予防チェックリストなどを活用し、状態の把握と見守りに努める",
    "home_municipality": "住所地の区市町村を案内する",
}
"""What follows from a consultation."""

GUIDANCE: Final[Codes] = {
    **GENERAL_PARTS,
    "other_activities": "総合事業以外のサービス・活動",
    "certification": "要介護認定の申請",
    "watching": "見守り",
    "home_municipality": "住所地の区市町村",
    "new_insurer": "転居先の保険者・包括との情報交換",
}
"""What the person is advised of."""


@dataclass(frozen=True, slots=True)
class Consultation:
    """What somebody came for, and what follows."""

    consulted_on: date
    wishes: tuple[str, ...]
    at_once: bool
    next_step: str

    @property
    def project_only(self) -> bool:
        """Whether nothing but services of the project is wished for (A-Q2b)."""
        return bool(self.wishes) and all(each in PROJECT_PARTS for each in self.wishes)


@dataclass(frozen=True, slots=True)
class Checklist:
    """A basic checklist as recorded by ``event``; ``confirmation_needed`` while the person was not met (A-Q6)."""

    id: str
    event: UUID
    checked_on: date
    outcome: str
    criteria: tuple[int, ...]
    confirmation_needed: bool


@dataclass(frozen=True, slots=True)
class Registration:
    """The person's entry in the ward's register (受給者台帳)."""

    notification_id: str
    eligible_from: date
    registered_on: date


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint that a centre took, and what a desk of the ward did about it (A-Q27)."""

    centre: str
    desks: tuple[str, ...]
    received_on: date
    answered_on: date | None = None


@dataclass(frozen=True, slots=True)
class PublicAssistance:
    """Public assistance (生活保護) of a period; its numbers are personal fields of the event of that id."""

    event_id: UUID
    valid_from: date
    valid_to: date | None

    def covers(self, on: date) -> bool:
        """Whether ``on`` lies in the period."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class CopaymentShare:
    """The person's share of a service's price in percent, from a day on; ``assisted`` by public assistance."""

    percent: int
    valid_from: date
    assisted: bool


def held_after(held: Iterable[str], gone: Iterable[str], come: Iterable[str]) -> tuple[str, ...]:
    """The cards that a person has after some went back to the ward and some came."""
    rest = [each for each in held if each not in gone]
    return tuple(dict.fromkeys((*rest, *come)))
