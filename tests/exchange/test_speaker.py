"""Nobody acts for another: an event that names somebody else's act is refused, whoever signed it."""

import pytest

from contracts.catalogue import CROSSING
from shared.exchange.authority import judge
from tests.exchange.test_authority import AT_CENTRE, OFFICE, message, refusal

SPOKEN_BY_OFFICES = [
    (name, kind.speaks_for)
    for name, kind in CROSSING.items()
    if "kyotaku" in kind.senders and "hokatsu" in kind.recipients and kind.scope == "case" and kind.speaks_for
]


@pytest.mark.parametrize(("name", "field"), SPOKEN_BY_OFFICES)
def test_an_office_speaks_for_itself_only(name: str, field: str) -> None:
    own = {**CROSSING[name].example, field: OFFICE}
    assert judge(message(name, own), AT_CENTRE).data[field] == OFFICE
    for another in ("1301600019", "1371690098", "131169"):
        assert refusal(message(name, {**own, field: another})) == ("speaks_for_another", field)
