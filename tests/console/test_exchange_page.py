"""送受信: each partner's state in words, and what is stuck with its reason."""

from collections.abc import Callable
from uuid import UUID

import psycopg
import pytest

from contracts.events.sample import CENTRE, WARD
from shared.node.node import Node
from tests.console import sample
from tests.console.conftest import Browser

SignIn = Callable[[str], Browser]


@pytest.fixture
def asked(node: Node, case_id: UUID) -> UUID:
    """The case, after the centre was asked for a simultaneous contract."""
    node.handle(node.parse("AskSample", {}, actor="care.manager", case_id=case_id))
    return case_id


def as_owner(node: Node, statement: str, *parameters: object) -> None:
    with psycopg.connect(node.config.owner_database or "") as connection:
        connection.execute(statement.encode(), parameters)


def test_a_quiet_node_says_so(sign_in: SignIn) -> None:
    text = sign_in("care.manager").get("/exchange").text
    assert "まだ、どの事業所とも送受信していません" in text
    assert "ここで止まっているものはありません" in text


def test_what_has_not_arrived_is_counted_with_its_beginning_and_reason(
    sign_in: SignIn, node: Node, asked: UUID
) -> None:
    as_owner(node, "insert into partners (partner, problem) values (%s, 'つながりません')", CENTRE)
    text = sign_in("care.manager").get("/exchange").text
    for said in ("到達待ち 2件", "令和6年10月7日 9:00から", "つながりません", "回答待ち 1件"):
        assert said in text


def test_a_partner_that_does_not_answer_is_said_to_be_down_and_since_when(
    sign_in: SignIn, node: Node, asked: UUID
) -> None:
    as_owner(node, "insert into partners (partner, attempts) values (%s, 3)", CENTRE)
    text = sign_in("care.manager").get("/exchange").text
    for said in ("令和6年10月7日 9:00から", "受領の返事がありません", "自動で送り直します"):
        assert said in text


def test_what_has_arrived_is_said_to_have_arrived(sign_in: SignIn, node: Node, asked: UUID) -> None:
    as_owner(
        node, "insert into partners (partner, sent_through, receipted_through) values (%s, 2, 2)", CENTRE
    )
    assert "すべて到達" in sign_in("care.manager").get("/exchange").text


def test_what_the_partner_refused_is_listed_with_the_reason_and_the_case(
    sign_in: SignIn, node: Node, asked: UUID
) -> None:
    as_owner(
        node, "insert into partners (partner, sent_through, receipted_through) values (%s, 2, 2)", CENTRE
    )
    as_owner(
        node,
        "insert into receipted (partner, epoch, sequence, status, code, receipted_at, position)"
        " values (%s, 1, 2, 'refused', 'not_a_party', node_now(), 1)",
        CENTRE,
    )
    browser = sign_in("care.manager")
    text = browser.get("/exchange").text
    assert "相手が拒否 1件" in text
    assert "差出人は、このケースの関係者ではありません" in text
    assert f"/cases/{asked}" in text
    assert "相手が拒否" in browser.get(f"/cases/{asked}").text


def test_what_waits_or_is_parked_here_is_shown_and_announced_on_the_first_page(
    sign_in: SignIn, node: Node
) -> None:
    as_owner(
        node,
        "insert into parked (kind, partner, code, body) values ('alarm', %s, 'number_reused', 'x')",
        WARD,
    )
    as_owner(
        node,
        "insert into waiting (jws_digest, partner, reason, jwe) values ('x', %s, 'unknown_case', 'x')",
        CENTRE,
    )
    browser = sign_in("care.manager")
    text = browser.get("/exchange").text
    for said in ("警告", "すでに使われた通番", "待機"):
        assert said in text
    assert "確認が必要な受信があります" in browser.get("/").text


def test_the_page_names_nobody(sign_in: SignIn, asked: UUID) -> None:
    assert sample.NAME not in sign_in("care.manager").get("/exchange").text


def test_the_page_says_whose_clock_its_times_are_by(sign_in: SignIn) -> None:
    assert "時刻はすべて日本時間です" in sign_in("care.manager").get("/exchange").text


def test_an_administrator_tries_again_what_is_parked_and_is_told_what_came_of_it(
    sign_in: SignIn, node: Node, case_id: UUID, rows: Callable[..., list[tuple[int]]]
) -> None:
    as_owner(
        node,
        "insert into parked (kind, partner, code, epoch, sequence, case_id)"
        " values ('message', %s, 'unknown_case', 1, 2, gen_random_uuid())",
        WARD,
    )
    [(number,)] = rows("select id from parked")
    address = f"/exchange/parked/{number}/retry"
    worker = sign_in("care.manager")
    assert address not in worker.get("/exchange").text
    assert worker.post(address).status_code == 403
    browser = sign_in("administrator")
    assert address in browser.get("/exchange").text
    told = browser.send(address).text
    assert "再試行しましたが、まだ受け入れられません: このケースをまだ知りません" in told
    as_owner(node, "update parked set case_id = %s", case_id)
    as_owner(node, "insert into partners (partner, incoming_epoch) values (%s, 1)", WARD)
    assert (
        "相手に送り直しを頼めませんでした" in browser.send(address).text
    )  # no broker here, and the ward is not listed
    assert "ここで止まっているものはありません" not in browser.get("/exchange").text
