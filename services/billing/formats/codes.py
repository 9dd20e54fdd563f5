"""How claim data code what this project names."""

from collections.abc import Mapping
from typing import Final

STATUSES: Final[Mapping[str, str]] = {
    "project_eligible": "06",
    "support1": "12",
    "support2": "13",
    "care1": "21",
    "care2": "22",
    "care3": "23",
    "care4": "24",
    "care5": "25",
}
"""State of a person → 要介護状態区分コード."""

SEXES: Final[Mapping[str, str]] = {"male": "1", "female": "2"}

LAW_PUBLIC_ASSISTANCE: Final = "12"
"""法別番号 of 生活保護."""

MEDIA: Final[Mapping[str, str]] = {
    "1": "伝送（ISDN）",
    "2": "MO",
    "4": "CD-R・FD",
    "7": "伝送（インターネット）",
}
"""媒体区分."""

DESIGNATED, EQUIVALENT, COMMUNITY, PROJECT = "1", "2", "5", "8"


def provider_kind(service: str) -> str:
    """Item 18 of a benefit slip by the kind of service: a project service, or a designated benefit."""
    return PROJECT if service.startswith("A") else DESIGNATED


def only_public(insured_number: str) -> bool:
    """Whether a number is of a person who is not insured and whom public assistance pays for (みなし2号)."""
    return insured_number.startswith("H")
