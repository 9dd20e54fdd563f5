"""A service office that no register names gets its name from whoever plans with it, on paper and on screen (T-25)."""

from datetime import date

import pytest

from contracts.events.sample import CENTRE, DAY_SERVICE, OFFICE, RENTAL
from shared.node.errors import Refused
from tests.care.stage import Desk, desk, made, model

ON = date(2024, 10, 15)
NAMED = {"provider": RENTAL, "provider_name": "見本福祉用具"}


def office() -> Desk:
    return desk(OFFICE, *model(), today=ON)


def after(at: Desk, provider: str, name: str) -> Desk:
    [event] = at.when("NameProvider", ON, case_id=None, provider=provider, provider_name=name).events
    assert (event.type, event.to) == ("ProviderNamed", ())
    kinds = at.kinds
    return at.given(made("ProviderNamed", at.me, ON, dict(event.data), case_id=None, kinds=kinds))


@pytest.mark.parametrize("me", [OFFICE, CENTRE])
def test_the_name_stands_where_the_number_stood(me: str) -> None:
    at = desk(me, *model(), today=ON)
    assert at.situation().agency.name_of(RENTAL) == RENTAL
    assert after(at, RENTAL, "見本福祉用具").situation().agency.name_of(RENTAL) == "見本福祉用具"


def test_a_later_name_counts_and_a_register_s_name_more_than_ours() -> None:
    at = after(after(office(), RENTAL, "見本福祉用具"), RENTAL, "見本福祉用具センター")
    assert at.situation().agency.name_of(RENTAL) == "見本福祉用具センター"
    ours = after(office(), DAY_SERVICE, "うちの呼び名")
    registered = ours.given(made("ProviderDesignated", "131169", ON, insurer="131169"))
    assert registered.situation().agency.name_of(DAY_SERVICE) == "見本デイサービス"


@pytest.mark.parametrize("provider", [CENTRE, DAY_SERVICE])
def test_whom_a_directory_or_a_register_names_can_t_be_named_otherwise(provider: str) -> None:
    at = office().given(made("ProviderDesignated", "131169", ON, insurer="131169"))
    with pytest.raises(Refused) as refused:
        at.when("NameProvider", ON, case_id=None, provider=provider, provider_name="ほかの名前")
    assert (refused.value.code, refused.value.field) == ("provider_listed", "provider")
    assert at.situation().agency.name_of(provider) in refused.value.message
