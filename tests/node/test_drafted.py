"""Who closes or confirms a whole month does so for everybody, however many they are (T-32, T-33)."""

from datetime import date
from uuid import UUID, uuid4, uuid5

import pytest

from contracts.events.submission import MOST_LINES
from shared.node.drafted import prepare_confirmation, prepare_request
from shared.node.service import Command
from shared.policy.dates import Month

EVERYBODY = [uuid5(UUID(int=0), str(number)) for number in range(MOST_LINES + 1)]


class Month1501:
    """A month of one case more than a caller may name."""

    def drafted(self, month: Month) -> list[UUID]:
        return EVERYBODY

    def reported(self, month: Month) -> list[UUID]:
        return EVERYBODY


def command(name: str, *cases: UUID) -> Command:
    fields = {"service_month": "2024-10", "cases": list(cases)}
    return Command(uuid4(), name, None, fields, "tester", date(2024, 11, 5))


@pytest.mark.parametrize(
    ("name", "prepare"), [("ConfirmMonth", prepare_confirmation), ("RequestClosing", prepare_request)]
)
def test_nobody_is_left_out_of_a_month(name: str, prepare: object) -> None:
    assert callable(prepare)
    assert prepare(Month1501(), command(name)).fields["cases"] == EVERYBODY
    assert prepare(Month1501(), command(name, EVERYBODY[7])).fields["cases"] == [EVERYBODY[7]]
