"""Which providers the municipalities have designated for services of their project, as their directories tell."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


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
    """Every designation by insurer, provider and first day: a municipality's newest word about one counts."""

    entries: Mapping[tuple[str, str, date], ProviderDesignation] = field(default_factory=dict)

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
        return ProviderRegister({**self.entries, (said.insurer, said.provider, said.designated_from): said})

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
        """The name under which a provider was designated last, or None."""
        names = [each.name for each in self.entries.values() if each.provider == provider]
        return names[-1] if names else None
