"""Events about agencies: a ward's directory, designations, the model, contracts between agencies."""

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import Schema, ValidationError, validates_schema

from contracts.codes import (
    DESIGNATED_SERVICES,
    DESIGNATION_KINDS,
    DESIGNATION_RETURNS,
    MODELS,
    OFFICE_CHANGES,
    PROJECT_SERVICES,
)
from contracts.definition import ROLES, EventType
from contracts.events.sample import APPLICATION, BILLING, CENTRE, DAY_SERVICE, OFFICE, WARD
from contracts.fields import Agency, Code, Count, Day, Flag, Identifier, Items, Moment, Month, PublicKey, Text

WARDS = frozenset({"ward"})
EVERYBODY = frozenset(ROLES)
CURVES: Final = {"sig": "Ed25519", "enc": "X25519"}
"""What a key is used for → the only curve of which it can be."""


class AgencyKey(Schema):
    """A public key of an agency and the period in which it may be used."""

    kid = Text("鍵の名前")
    use = Code("用途", {"sig": "署名", "enc": "暗号化"})
    jwk = PublicKey("公開鍵（JWK）", help="署名は Ed25519、暗号化は X25519。秘密鍵（d）は書かない")
    valid_from = Moment("有効期間の開始")
    valid_to = Moment("有効期間の終了", null=True)

    @validates_schema
    def _is_of_the_curve_of_its_use(self, data: Mapping[str, Any], **_: Any) -> None:
        if data["jwk"]["crv"] != CURVES[data["use"]]:
            raise ValidationError({"jwk": {"crv": [f"この用途の鍵は {CURVES[data['use']]} です"]}})


class AgencyListed(Schema):
    """An agency in a ward's directory: what it is, its public keys, and where people reach it (its office's data)."""

    insurer = Agency("保険者")
    agency = Agency("事業所")
    name = Text("名称")
    roles = Items("役割", Code("役割", ROLES), least=1)
    keys = Items("公開鍵", AgencyKey)
    listed_on = Day("登載日")
    address = Text("所在地", required=False, null=True)
    telephone = Text("電話番号", required=False, null=True, longest=20)
    fax = Text("FAX番号", required=False, null=True, longest=20)
    mail = Text("メールアドレス", required=False, null=True, longest=120)


class AgencyDelisted(Schema):
    insurer = Agency("保険者")
    agency = Agency("事業所")
    delisted_on = Day("登載終了日")


class KeyCompromised(Schema):
    insurer = Agency("保険者")
    agency = Agency("事業所")
    kid = Text("鍵の名前")
    compromised_from = Moment("危殆化した日時")


class OfficeDesignated(Schema):
    insurer = Agency("保険者")
    agency = Agency("事業所")
    service = Code("指定するサービス", DESIGNATED_SERVICES)
    designated_from = Day("指定日")
    hearing_on = Day("意見聴取の日")
    designated_to = Day("指定の有効期間の終わり", required=False, null=True)
    renewal = Flag("更新", required=False)
    application_id = Identifier("申請の番号", required=False, null=True)


class ProviderDesignated(Schema):
    """A provider may give services of the insurer's project from a day on; its newest word counts (A-Q25a, A-Q49).

    An end (``designated_to``) is told by the same event again.
    """

    insurer = Agency("保険者")
    provider = Agency("サービス事業所")
    provider_name = Text("事業所の名称")
    services = Items("指定するサービス", Code("サービス種類", PROJECT_SERVICES), least=1)
    designated_from = Day("指定日")
    designated_to = Day("指定の最後の日", null=True)


class DesignationApplied(Schema):
    """An office applies for a designation or its renewal, or gives notice of a change (T-06N)."""

    application_id = Identifier("申請の番号")
    agency = Agency("申請する事業所")
    insurer = Agency("保険者")
    kind = Code("手続き", DESIGNATION_KINDS)
    applied_on = Day("申請日")
    wished_from = Day("希望する指定日・変更日", null=True)
    changes = Items("変更した事項", Code("変更した事項", OFFICE_CHANGES))


class DesignationReturned(Schema):
    application_id = Identifier("申請の番号")
    agency = Agency("申請した事業所")
    decided_on = Day("差戻し日")
    reason_code = Code("差戻しの理由", DESIGNATION_RETURNS)


class DesignationChangeAccepted(Schema):
    application_id = Identifier("届出の番号")
    agency = Agency("届け出た事業所")
    decided_on = Day("受理日")


class ModelEnrolled(Schema):
    insurer = Agency("保険者")
    agency = Agency("事業所")
    model = Code("モデル", MODELS)
    enrolled_from = Day("参加の開始日")


class ModelEnded(Schema):
    """The model ends for everybody, or for one agency; what was begun by then goes on (T-01)."""

    insurer = Agency("保険者")
    model = Code("モデル", MODELS)
    agency = Agency("参加を終える事業所", null=True)
    ended_on = Day("最後の日")


class EntrustmentContractSigned(Schema):
    centre = Agency("地域包括支援センター")
    office = Agency("居宅介護支援事業所")
    signed_on = Day("契約日")
    valid_from = Day("契約期間の開始")
    valid_to = Day("契約期間の終了", null=True)


class CapacityStated(Schema):
    """How many cases of a centre an office says that it can care for under entrustment; null: it states no limit."""

    office = Agency("居宅介護支援事業所")
    centre = Agency("地域包括支援センター")
    most = Count("受託できる件数", null=True)
    stated_on = Day("知らせた日")


class BillingEntrusted(Schema):
    claimant = Agency("請求する事業所")
    biller = Agency("請求事務を行う事業所")
    valid_from = Day("開始日")


class TreatmentImprovementFiled(Schema):
    """A claimant has filed for the addition for the treatment of care workers, from a month on (decision 4)."""

    claimant = Agency("届け出た事業所")
    filed_on = Day("届出日")
    valid_from = Month("算定を始める月")
    valid_to = Month("算定を終える月", null=True)


_KEY = {
    "kid": "1371600014-sig-1",
    "use": "sig",
    "jwk": {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
    "valid_from": "2024-09-01T00:00:00+09:00",
    "valid_to": None,
}

EVENTS = (
    EventType(
        "AgencyListed",
        1,
        AgencyListed,
        "directory",
        "事業所の登載",
        senders=WARDS,
        recipients=EVERYBODY,
        speaks_for="insurer",
        example={
            "insurer": WARD,
            "agency": OFFICE,
            "name": "見本居宅介護支援事業所",
            "roles": ["kyotaku"],
            "keys": [_KEY],
            "listed_on": "2024-09-02",
        },
    ),
    EventType(
        "AgencyDelisted",
        1,
        AgencyDelisted,
        "directory",
        "事業所の登載終了",
        senders=WARDS,
        recipients=EVERYBODY,
        speaks_for="insurer",
        example={"insurer": WARD, "agency": OFFICE, "delisted_on": "2026-03-31"},
    ),
    EventType(
        "KeyCompromised",
        1,
        KeyCompromised,
        "directory",
        "鍵の危殆化",
        senders=WARDS,
        recipients=EVERYBODY,
        speaks_for="insurer",
        example={
            "insurer": WARD,
            "agency": OFFICE,
            "kid": "1371600014-sig-1",
            "compromised_from": "2025-06-01T09:00:00+09:00",
        },
    ),
    EventType(
        "OfficeDesignated",
        1,
        OfficeDesignated,
        "directory",
        "介護予防支援の指定",
        senders=WARDS,
        recipients=EVERYBODY,
        speaks_for="insurer",
        example={
            "insurer": WARD,
            "agency": OFFICE,
            "service": "preventive_support",
            "designated_from": "2024-10-01",
            "hearing_on": "2024-09-18",
        },
    ),
    EventType(
        "ProviderDesignated",
        1,
        ProviderDesignated,
        "directory",
        "総合事業のサービス事業所の指定",
        senders=WARDS,
        recipients=EVERYBODY,
        speaks_for="insurer",
        example={
            "insurer": WARD,
            "provider": DAY_SERVICE,
            "provider_name": "見本デイサービス",
            "services": ["A6"],
            "designated_from": "2024-04-01",
            "designated_to": None,
        },
    ),
    EventType(
        "DesignationApplied",
        1,
        DesignationApplied,
        "agency",
        "指定の申請・変更の届出",
        senders=frozenset({"kyotaku"}),
        recipients=WARDS,
        speaks_for="agency",
        example={
            "application_id": APPLICATION,
            "agency": OFFICE,
            "insurer": WARD,
            "kind": "new",
            "applied_on": "2024-09-04",
            "wished_from": "2024-10-01",
            "changes": [],
        },
    ),
    EventType(
        "DesignationReturned",
        1,
        DesignationReturned,
        "agency",
        "指定の申請の差戻し",
        senders=WARDS,
        recipients=frozenset({"kyotaku"}),
        example={
            "application_id": APPLICATION,
            "agency": OFFICE,
            "decided_on": "2024-09-06",
            "reason_code": "missing_papers",
        },
    ),
    EventType(
        "DesignationChangeAccepted",
        1,
        DesignationChangeAccepted,
        "agency",
        "変更の届出の受理",
        senders=WARDS,
        recipients=frozenset({"kyotaku"}),
        example={"application_id": APPLICATION, "agency": OFFICE, "decided_on": "2025-06-04"},
    ),
    EventType(
        "ModelEnrolled",
        1,
        ModelEnrolled,
        "directory",
        "モデル実施への参加",
        senders=WARDS,
        recipients=EVERYBODY,
        speaks_for="insurer",
        example={"insurer": WARD, "agency": CENTRE, "model": "toshima_2024", "enrolled_from": "2024-10-01"},
    ),
    EventType(
        "ModelEnded",
        1,
        ModelEnded,
        "directory",
        "モデル実施の終了",
        senders=WARDS,
        recipients=EVERYBODY,
        speaks_for="insurer",
        example={"insurer": WARD, "model": "toshima_2024", "agency": None, "ended_on": "2026-03-31"},
    ),
    EventType(
        "EntrustmentContractSigned",
        1,
        EntrustmentContractSigned,
        "agency",
        "委託契約の締結",
        senders=frozenset({"hokatsu"}),
        recipients=frozenset({"kyotaku", "billing"}),
        speaks_for="centre",
        example={
            "centre": CENTRE,
            "office": OFFICE,
            "signed_on": "2024-09-20",
            "valid_from": "2024-10-01",
            "valid_to": None,
        },
    ),
    EventType(
        "CapacityStated",
        1,
        CapacityStated,
        "agency",
        "受託できる件数の連絡",
        senders=frozenset({"kyotaku"}),
        recipients=frozenset({"hokatsu"}),
        speaks_for="office",
        example={"office": OFFICE, "centre": CENTRE, "most": 12, "stated_on": "2024-10-01"},
    ),
    EventType(
        "BillingEntrusted",
        1,
        BillingEntrusted,
        "agency",
        "請求事務の委任",
        senders=frozenset({"kyotaku", "hokatsu"}),
        recipients=frozenset({"billing", "ward"}),
        speaks_for="claimant",
        example={"claimant": OFFICE, "biller": BILLING, "valid_from": "2024-10-01"},
    ),
    EventType(
        "TreatmentImprovementFiled",
        1,
        TreatmentImprovementFiled,
        "agency",
        "処遇改善加算の届出",
        senders=frozenset({"kyotaku", "hokatsu"}),
        recipients=frozenset({"billing", "ward"}),
        speaks_for="claimant",
        example={"claimant": OFFICE, "filed_on": "2026-05-15", "valid_from": "2026-06", "valid_to": None},
    ),
)
