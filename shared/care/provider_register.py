"""Which providers the municipalities have designated for services of their project, as their directories tell.

Whom none of them names (the prefecture designates for preventive benefits) each agency names for itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from marshmallow import Schema

from contracts.definition import EventType
from contracts.events.sample import RENTAL
from contracts.fields import Agency, Day, Text


class ProviderNamed(Schema):
    """The name of a provider by which this agency's papers and screens call it; it stays on this node."""

    provider = Agency("サービス事業所")
    provider_name = Text("事業所の名称", longest=100)
    named_on = Day("登録日")


PROVIDER_NAMED: Final = EventType(
    "ProviderNamed",
    1,
    ProviderNamed,
    "agency",
    "サービス事業所の名称の登録",
    example={"provider": RENTAL, "provider_name": "見本福祉用具", "named_on": "2024-10-01"},
)


@dataclass(frozen=True, slots=True)
class ProviderDesignation:
    """One municipality's designation of a provider; ``designated_to`` is None while no end is known."""

    insurer: str
    provider: str
    name: str
    services: tuple[str, ...]
    designated_from: date
    designated_to: date | None

    def covers(self, service: str, on: date) -> bool:
        """Whether the provider may give ``service`` on ``on``."""
        ended = self.designated_to is not None and on > self.designated_to
        return service in self.services and self.designated_from <= on and not ended


@dataclass(frozen=True)
class ProviderRegister:
    """Every designation by insurer, provider and first day: a municipality's newest word about one counts.

    ``names`` are this agency's own.
    """

    entries: Mapping[tuple[str, str, date], ProviderDesignation] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def told(self, data: Mapping[str, Any]) -> "ProviderRegister":
        """The register with what a ``ProviderDesignated`` says."""
        until = data["designated_to"]
        said = ProviderDesignation(
            data["insurer"],
            data["provider"],
            data["provider_name"],
            tuple(data["services"]),
            date.fromisoformat(data["designated_from"]),
            date.fromisoformat(until) if until else None,
        )
        entries = {**self.entries, (said.insurer, said.provider, said.designated_from): said}
        return ProviderRegister(entries, self.names)

    def named(self, provider: str, name: str) -> "ProviderRegister":
        """The register with this agency's own name of a provider."""
        return ProviderRegister(self.entries, {**self.names, provider: name})

    def of(self, insurer: str) -> tuple[ProviderDesignation, ...]:
        """What one municipality has designated, by provider and first day."""
        its = [each for each in self.entries.values() if each.insurer == insurer]
        return tuple(sorted(its, key=lambda each: (each.provider, each.designated_from)))

    def tells_of(self, insurer: str, provider: str) -> bool:
        """Whether a municipality has told of this provider at all, of whichever service and day."""
        return any((each.insurer, each.provider) == (insurer, provider) for each in self.entries.values())

    def designated_by(self, provider: str, service: str, on: date) -> tuple[str, ...]:
        """The municipalities by whose designation the provider may give the service on a day."""
        found = [
            each.insurer
            for each in self.entries.values()
            if each.provider == provider and each.covers(service, on)
        ]
        return tuple(sorted(set(found)))

    def name_of(self, provider: str) -> str | None:
        """The name under which a provider was designated last, else this agency's own name of it, or None."""
        names = [each.name for each in self.entries.values() if each.provider == provider]
        return names[-1] if names else self.names.get(provider)
