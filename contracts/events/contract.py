"""Events about contracts with the person, and about arranging them at the same time (同時契約)."""

from marshmallow import Schema

from contracts.codes import CONTRACTS, DECLINE_REASONS, SIGNERS, TYPES
from contracts.definition import ROLES, EventType, personal
from contracts.events.sample import CENTRE, OFFICE
from contracts.fields import Agency, Code, Day, Flag, LongText, Text

OFFICES = frozenset({"kyotaku"})
CENTRES = frozenset({"hokatsu"})


class SimultaneousContractRequested(Schema):
    office = Agency("居宅介護支援事業所")
    centre = Agency("地域包括支援センター")
    requested_on = Day("依頼日")
    planned_on = Day("契約の予定日", null=True)
    note = personal(LongText("連絡事項", null=True))


class SimultaneousContractAgreed(Schema):
    office = Agency("居宅介護支援事業所")
    centre = Agency("地域包括支援センター")
    agreed_on = Day("承諾日")
    planned_on = Day("契約の予定日", null=True)
    note = personal(LongText("連絡事項", null=True))


class SimultaneousContractDeclined(Schema):
    office = Agency("居宅介護支援事業所")
    centre = Agency("地域包括支援センター")
    declined_on = Day("断った日")
    reason_code = Code("理由", DECLINE_REASONS)
    reason = personal(LongText("理由の説明", null=True))


class ContractSigned(Schema):
    """``switch_from`` is set where a switch without a simultaneous contract asked for this new one (T-66)."""

    contract = Code("契約書", CONTRACTS)
    agency = Agency("契約した事業所")
    signed_on = Day("契約日")
    explained_on = Day("重要事項を説明した日", null=True)
    consented_on = Day("個人情報使用の同意を得た日", null=True)
    simultaneous = Flag("同時契約")
    role = Code("契約した事業所の役割", ROLES, required=False, null=True)
    type = Code("始まる類型", TYPES, required=False, null=True, help="包括が事業対象者と結ぶとき")
    switch_from = Day("この契約で類型が変わる日", required=False, null=True)
    provisional = Flag("認定結果を待つ間の契約（暫定）", required=False, null=True)
    signed_by = Code("署名した人", SIGNERS)
    signer = personal(Text("署名した人の氏名", null=True))


class ContractKept(Schema):
    """The centre's contract from before an office took over stays and counts as simultaneous (T-07M, decision 21)."""

    contract = Code("契約書", CONTRACTS)
    agency = Agency("契約した事業所")
    office = Agency("居宅介護支援事業所")
    signed_on = Day("契約日")
    explained_on = Day("重要事項を説明した日", null=True)
    consented_on = Day("個人情報使用の同意を得た日", null=True)
    kept_on = Day("同時契約とした日")
    planned_on = Day("居宅の契約の予定日", null=True)


class ContractSupplemented(Schema):
    """The explanation or the consent that a signed contract still lacked."""

    contract = Code("契約書", CONTRACTS)
    agency = Agency("契約した事業所")
    explained_on = Day("重要事項を説明した日", null=True)
    consented_on = Day("個人情報使用の同意を得た日", null=True)


_BETWEEN = {"office": OFFICE, "centre": CENTRE}

EVENTS = (
    EventType(
        "SimultaneousContractRequested",
        1,
        SimultaneousContractRequested,
        "case",
        "同時契約の依頼",
        senders=OFFICES,
        recipients=CENTRES,
        speaks_for="office",
        example={
            **_BETWEEN,
            "requested_on": "2024-10-07",
            "planned_on": "2024-10-10",
            "note": "ご自宅で14時から",
        },
    ),
    EventType(
        "SimultaneousContractAgreed",
        1,
        SimultaneousContractAgreed,
        "case",
        "同時契約の承諾",
        senders=CENTRES,
        recipients=OFFICES,
        speaks_for="centre",
        example={**_BETWEEN, "agreed_on": "2024-10-08", "planned_on": "2024-10-10", "note": None},
    ),
    EventType(
        "SimultaneousContractDeclined",
        1,
        SimultaneousContractDeclined,
        "case",
        "同時契約の辞退",
        senders=CENTRES,
        recipients=OFFICES,
        speaks_for="centre",
        example={
            **_BETWEEN,
            "declined_on": "2024-10-08",
            "reason_code": "outside_area",
            "reason": "担当地域が異なるため",
        },
    ),
    EventType(
        "ContractSigned",
        1,
        ContractSigned,
        "case",
        "契約の締結",
        senders=OFFICES | CENTRES,
        recipients=OFFICES | CENTRES | {"billing"},
        speaks_for="agency",
        example={
            "contract": "preventive_support",
            "agency": OFFICE,
            "signed_on": "2024-10-10",
            "explained_on": "2024-10-10",
            "consented_on": "2024-10-10",
            "simultaneous": True,
            "role": "kyotaku",
            "switch_from": None,
            "signed_by": "person",
            "signer": "見本 はな",
        },
    ),
    EventType(
        "ContractKept",
        1,
        ContractKept,
        "case",
        "包括の契約の継続",
        senders=CENTRES,
        recipients=OFFICES | {"billing"},
        speaks_for="agency",
        example={
            "contract": "preventive_support_and_care_management",
            "agency": CENTRE,
            "office": OFFICE,
            "signed_on": "2024-11-05",
            "explained_on": "2024-11-05",
            "consented_on": "2024-11-05",
            "kept_on": "2025-05-08",
            "planned_on": "2025-05-12",
        },
    ),
    EventType(
        "ContractSupplemented",
        1,
        ContractSupplemented,
        "case",
        "契約書類の補完",
        senders=OFFICES | CENTRES,
        recipients=OFFICES | CENTRES | {"billing"},
        speaks_for="agency",
        example={
            "contract": "preventive_support",
            "agency": OFFICE,
            "explained_on": None,
            "consented_on": "2024-10-11",
        },
    ),
)
