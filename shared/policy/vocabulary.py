"""The words that rules use besides the codes of ``contracts.codes``, and the types of both."""

from typing import Final, Literal

from contracts.codes import COMPLAINTS, PERSONS_DESKS, Codes

PlanType = Literal["preventive_support", "care_management_a"]
Provider = Literal["centre", "office"]
Status = Literal[
    "none", "project_eligible", "support1", "support2", "care1", "care2", "care3", "care4", "care5"
]
PreviousKind = Literal["care_management_a", "preventive_support", "care_support"]
InitialOccasion = Literal[
    "new",
    "care_to_support",
    "support_expired_to_project_eligible",
    "entrusted",
    "entrusted_office_changed",
    "type_switch",
]

PREVENTIVE_STATUSES: Final = ("project_eligible", "support1", "support2")
"""The statuses of this system's users; care levels belong to 居宅介護支援."""

PROVIDERS: Final[Codes] = {"centre": "地域包括支援センター", "office": "居宅介護支援事業所"}
"""Who has the contract with the person and claims the fee."""

INITIAL_OCCASIONS: Final[Codes] = {
    "new": "新規",
    "care_to_support": "要介護から要支援・事業対象者へ",
    "support_expired_to_project_eligible": "要支援認定の満了により事業対象者へ",
    "entrusted": "直営から委託へ",
    "entrusted_office_changed": "委託先の変更",
    "type_switch": "介護予防支援と介護予防ケアマネジメントAの移行",
}
"""How a plan comes to start, where the initial addition is asked for."""

__all__ = [
    "COMPLAINTS",
    "INITIAL_OCCASIONS",
    "PERSONS_DESKS",
    "PREVENTIVE_STATUSES",
    "PROVIDERS",
    "InitialOccasion",
    "PlanType",
    "PreviousKind",
    "Provider",
    "Status",
]
