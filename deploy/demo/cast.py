"""The agencies of the demo: a ward, a model centre, a designated office, two that take no part, a billing desk.

The neighbours are those of a second ward, for the scenarios that need them.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Member:
    """One agency with its node. ``accounts`` are (account name, account role, what colleagues read)."""

    name: str
    agency: str
    service: str
    title: str
    accounts: tuple[tuple[str, str, str], ...]


_AUDIT = (("administrator", "administrator", "システム管理者"), ("auditor", "auditor", "監査担当"))

CAST = (
    Member(
        "ward",
        "131169",
        "ward",
        "豊島区",
        (("clerk", "clerk", "区の窓口担当"), *_AUDIT),
    ),
    Member(
        "centre",
        "1301600019",
        "hokatsu",
        "見本地域包括支援センター（モデル）",
        (("staff", "staff", "包括の担当"), ("billing", "billing", "包括の請求担当"), *_AUDIT),
    ),
    Member(
        "office",
        "1371600014",
        "kyotaku",
        "見本居宅介護支援事業所",
        (
            ("care_manager", "care_manager", "介護支援専門員"),
            ("billing", "billing", "居宅の請求担当"),
            *_AUDIT,
        ),
    ),
    Member(
        "office_undesignated",
        "1371690098",
        "kyotaku",
        "指定のない居宅介護支援事業所",
        (("care_manager", "care_manager", "介護支援専門員"), *_AUDIT),
    ),
    Member(
        "centre_outside",
        "1301600092",
        "hokatsu",
        "モデル外地域包括支援センター",
        (("staff", "staff", "包括の担当"), *_AUDIT),
    ),
    Member(
        "billing",
        "131169B001",
        "billing",
        "見本請求センター",
        (("billing", "billing", "請求担当"), *_AUDIT),
    ),
)
"""In the order in which the ward lists them. The numbers are invented and have valid check digits."""

NEIGHBOURS = (
    Member(
        "adachi",
        "131219",
        "ward",
        "足立区",
        (("clerk", "clerk", "区の窓口担当"), *_AUDIT),
    ),
    Member(
        "adachi_centre",
        "1302100019",
        "hokatsu",
        "見本足立地域包括支援センター",
        (
            ("staff", "staff", "包括の担当"),
            ("care_manager", "care_manager", "介護支援専門員"),
            ("dementia", "dementia_specialist", "認知症専門員"),
            *_AUDIT,
        ),
    ),
    Member(
        "border_office",
        "1372100014",
        "kyotaku",
        "区境居宅介護支援事業所",
        (("care_manager", "care_manager", "介護支援専門員"), *_AUDIT),
    ),
)
"""A second ward with its centre, and an office near the border that stands in the directories of both."""

TOWN = (*CAST, *NEIGHBOURS)
"""Everybody who can play a part in a scenario."""

WARD = CAST[0]
