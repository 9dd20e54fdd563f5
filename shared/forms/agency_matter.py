"""What a form of an agency's own dealings is made from: the register, and the names of persons that a list states."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from shared.care.agency import AgencyState
from shared.forms.matter import contact_on_paper


@dataclass(frozen=True)
class AgencyMatter:
    """What ``me`` knows ``today`` of agencies; ``persons`` are names by case, of those cases that a form lists."""

    me: str
    today: date
    agencies: AgencyState
    persons: Mapping[str, str] = field(default_factory=dict)

    def name_of(self, agency: str | None) -> str:
        """An agency's name in the directory; its number while it is not listed, and nothing for nobody."""
        return self.agencies.name_of(agency) if agency else ""

    def contact_of(self, agency: str | None) -> dict[str, str]:
        """Where people reach an agency, as the directory tells; texts that may be empty, ``reached`` is all of it."""
        return contact_on_paper(self.agencies, agency)
