"""設定: this office as its partners know it, keys with fingerprints, training mode; each as far as one may see it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from contracts.catalogue import CROSSING
from contracts.events.sample import CENTRE, OFFICE, WARD
from services.ward.definition import SERVICE
from services.ward.pages import PAGES
from shared.console.accounts import Accounts
from shared.console.app import create_app
from shared.console.key_list import ShownKey, fingerprint, listed_keys, own_unlisted
from shared.eventlog.model import Event, NewEvent
from shared.node.agency_keys import AgencyKeys
from shared.node.node import Node
from tests.care.stage import made
from tests.console.conftest import PASSWORD, TODAY, Browser, MakeNode, take_in

KEYS = CROSSING["AgencyListed"].example["keys"]
NOW = datetime.fromisoformat("2024-10-07T09:00:00+09:00")


def listed(**changes: Any) -> NewEvent:
    return NewEvent("AgencyListed", {**CROSSING["AgencyListed"].example, **changes})


def key(jwk: dict[str, Any], **changes: Any) -> dict[str, Any]:
    public = {name: jwk[name] for name in ("kty", "crv", "x")}
    named = {"kid": jwk.get("kid", KEYS[0]["kid"]), "use": jwk.get("use", "sig"), "jwk": public}
    return {**named, "valid_from": "2024-10-01T00:00:00+09:00", "valid_to": None, **changes}


def folded(*events: Event) -> list[ShownKey]:
    return listed_keys(events)


def test_everybody_sees_the_office_as_the_directory_has_it_and_the_way_to_what_they_may_open(
    node: Node, sign_in: Callable[[str], Browser]
) -> None:
    assert "名簿に載っていません" in sign_in("care.manager").get("/settings").text
    office = listed(
        address="東京都豊島区見本町二丁目2番2号", telephone="03-0000-0002", mail="mihon@example.jp"
    )
    centre = listed(agency=CENTRE, name="見本地域包括支援センター", roles=["hokatsu"], fax="03-0000-0003")
    take_in(node, WARD, office, centre)
    text = sign_in("care.manager").get("/settings").text
    for shown in (
        OFFICE,
        "東京都豊島区見本町二丁目2番2号",
        "03-0000-0002",
        "mihon@example.jp",
        "FAX 03-0000-0003",
        "地域包括支援センター",
        "区に届け出てください",
        "決まりの変わる日",
    ):
        assert shown in text
    for hidden in ('href="/settings/keys"', 'href="/people"'):
        assert hidden not in text
    text = sign_in("administrator").get("/settings").text
    for shown in ('href="/settings/keys"', 'href="/people"'):
        assert shown in text


def test_keys_are_for_who_oversees_the_node_and_the_way_to_renew_them_for_the_administrator(
    node: Node, sign_in: Callable[[str], Browser]
) -> None:
    take_in(node, WARD, listed(agency=CENTRE, name="見本地域包括支援センター", roles=["hokatsu"]))
    assert sign_in("care.manager").get("/settings/keys").status_code == 403
    audited = sign_in("auditor").get("/settings/keys").text
    for each in KEYS:
        assert fingerprint(each["jwk"]) in audited
    own = node.agency_keys.public_jwks()
    assert all(fingerprint(each) in audited for each in own)
    assert "名簿にまだない" in audited
    assert "--renew" not in audited
    text = sign_in("administrator").get("/settings/keys").text
    assert f"./renkei node keys --agency {OFFICE} --file" in text
    assert '"d"' not in text
    secret = node.agency_keys.signing[0].as_dict(private=True)["d"]
    assert str(secret) not in text


def test_training_mode_is_explained_and_left_by_beginning_anew(
    make_node: MakeNode, node: Node, sign_in: Callable[[str], Browser]
) -> None:
    text = sign_in("administrator").get("/settings/training").text
    for shown in (
        "このノードは研修用です",
        "training = false",
        "node migrate",
        "実際の利用者の情報は入力しません",
    ):
        assert shown in text
    assert "node migrate" not in sign_in("care.manager").get("/settings/training").text
    earnest = make_node(training=False)
    Accounts(earnest.database).add("hanako", "care_manager", "見本 花子", PASSWORD)
    browser = Browser(create_app(earnest).test_client())
    browser.sign_in("hanako")
    assert "このノードは本番用です" in browser.get("/settings/training").text


def test_a_wards_clerk_keeps_the_directory_and_may_report_a_key(make_node: MakeNode) -> None:
    node = make_node(service=SERVICE, agency=WARD)
    Accounts(node.database).add("hanako", "clerk", "見本 花子", PASSWORD)
    take_in(node, WARD, listed(), listed(agency=WARD, name="豊島区", roles=["ward"], keys=[]))
    browser = Browser(create_app(node, role_pages=(PAGES,)).test_client())
    assert browser.sign_in("hanako").status_code == 302
    assert "commands/ListAgency" in browser.get("/settings").text
    text = browser.get("/settings/keys").text
    assert "ReportCompromisedKey" in text
    assert "人と役割" not in text
    compromised = {"insurer": WARD, "agency": OFFICE, "kid": KEYS[0]["kid"]}
    take_in(
        node,
        WARD,
        NewEvent("KeyCompromised", {**compromised, "compromised_from": "2024-10-05T12:00:00+09:00"}),
    )
    assert "危殆化</span>" in browser.get("/settings/keys").text


def test_each_look_at_the_settings_is_recorded(node: Node, sign_in: Callable[[str], Browser]) -> None:
    browser = sign_in("administrator")
    for address in ("/settings", "/settings/keys", "/settings/training"):
        browser.get(address)
    with node.database.connection() as connection:
        seen = {what for (what,) in connection.execute("select what from accesses").fetchall()}
    assert {"設定（事業所）", "設定（鍵）", "設定（研修モード）"} <= seen


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "state"),
    [
        ("2024-10-07T09:00:01+09:00", None, "coming"),
        ("2024-10-07T09:00:00+09:00", None, "valid"),
        ("2024-10-01T00:00:00+09:00", "2024-10-07T09:00:01+09:00", "valid"),
        ("2024-10-01T00:00:00+09:00", "2024-10-07T09:00:00+09:00", "over"),
    ],
)
def test_a_key_counts_from_its_first_moment_until_before_its_last(
    valid_from: str, valid_to: str | None, state: str
) -> None:
    keys = [key(KEYS[0]["jwk"], valid_from=valid_from, valid_to=valid_to)]
    (found,) = folded(made("AgencyListed", WARD, TODAY, keys=keys))
    assert found.state(NOW) == state


def test_a_renewed_key_stands_beside_the_old_one_until_a_listing_leaves_that_out() -> None:
    first = AgencyKeys.generate(OFFICE)
    renewed = first.renewed()
    assert (renewed.signing[0], renewed.encryption[0]) == (first.signing[0], first.encryption[0])
    assert len(renewed.signing) == len(renewed.encryption) == 2
    old, both = ([key(each) for each in of.public_jwks()] for of in (first, renewed))
    before = folded(made("AgencyListed", WARD, TODAY, keys=old))
    assert {each.kid for each in own_unlisted(renewed, before)} == {
        renewed.signing[1].kid,
        renewed.encryption[1].kid,
    }
    after = folded(made("AgencyListed", WARD, TODAY, keys=old), made("AgencyListed", WARD, TODAY, keys=both))
    assert [each.state(NOW) for each in after] == ["valid"] * 4
    assert own_unlisted(renewed, after) == []
    left_out = folded(
        made("AgencyListed", WARD, TODAY, keys=both), made("AgencyListed", WARD, TODAY, keys=old)
    )
    assert sorted(each.state(NOW) for each in left_out) == ["replaced", "replaced", "valid", "valid"]


def test_an_agency_that_is_delisted_takes_its_keys_along_and_a_compromised_one_stays_marked() -> None:
    keys = [key(KEYS[0]["jwk"])]
    named = {"insurer": WARD, "agency": OFFICE}
    begun = made("AgencyListed", WARD, TODAY, keys=keys)
    (gone,) = folded(begun, made("AgencyDelisted", WARD, TODAY, {**named, "delisted_on": "2024-10-07"}))
    assert gone.state(NOW) == "delisted"
    marked = made(
        "KeyCompromised",
        WARD,
        TODAY,
        {**named, "kid": KEYS[0]["kid"], "compromised_from": "2024-10-05T00:00:00+09:00"},
    )
    (found,) = folded(begun, marked, begun)
    assert found.state(NOW) == "compromised"
