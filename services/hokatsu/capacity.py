"""What each office has of our cases, and what it said that it can take (A-Q32)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from shared.care.agency import AgencyState


@dataclass(frozen=True, slots=True)
class OfficeCapacity:
    """One office: cases entrusted to it now, the limit that it stated (None: none), the contract that is in force.

    ``valid_to`` is the contract's last day; ``contracted`` says whether one is in force at all.
    """

    office: str
    entrusted: int
    most: int | None
    stated_on: date | None
    contracted: bool
    valid_to: date | None

    @property
    def left(self) -> int | None:
        """How many more it said that it can take; below zero when it has more. None where it stated no limit."""
        return None if self.most is None else self.most - self.entrusted


def capacities(
    agency: AgencyState, centre: str, running: Mapping[str, int], on: date
) -> list[OfficeCapacity]:
    """Every office that has our cases, a contract with us in force, or told us a limit: the fullest first."""
    contracted = {
        each.office: each
        for each in agency.entrustment_contracts
        if each.centre == centre and each.in_force(on)
    }
    told = {office: each for (to, office), each in agency.capacities.items() if to == centre}
    found = []
    for office in {*running, *contracted, *told}:
        contract, capacity = contracted.get(office), told.get(office)
        found.append(
            OfficeCapacity(
                office,
                running.get(office, 0),
                capacity.most if capacity else None,
                capacity.stated_on if capacity else None,
                contract is not None,
                contract.valid_to if contract else None,
            )
        )
    return sorted(found, key=lambda each: (each.left is None, each.left or 0, -each.entrusted, each.office))
