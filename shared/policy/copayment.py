"""What a person pays of a service: one to three tenths by income, public assistance in the person's place (A-Q20).

The fee of care management has no share at all; nobody asks this module for it.
"""

from dataclasses import dataclass
from datetime import date

from shared.policy.dates import day_text
from shared.policy.errors import excluded
from shared.policy.parameters import Entry, Parameters


@dataclass(frozen=True, slots=True)
class Shares:
    """An amount in yen, divided: what is paid for the person, by the person, and by public assistance (介護扶助)."""

    paid: int
    person: int
    assistance: int
    used: tuple[Entry, ...]


def divided(yen: int, percent: int, on: date, parameters: Parameters, *, assisted: bool = False) -> Shares:
    """Divide an amount by the person's share (A-Q20): what is paid is rounded down, the person pays the rest.

    :raises PolicyError: no such share on that day.
    :raises ParameterError: no shares were published for that day.
    """
    entry = parameters.entry("copayment.percents", on)
    if percent not in entry.value:
        named = "、".join(f"{each // 10}割" for each in entry.value)
        raise excluded("percent", f"{day_text(on)} の負担割合は{named}のどれかです。")
    paid = yen * (100 - percent) // 100
    rest = yen - paid
    return Shares(paid, 0 if assisted else rest, rest if assisted else 0, (entry,))
