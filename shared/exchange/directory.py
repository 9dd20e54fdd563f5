"""Who takes part and with which keys: the directories of all insurers, folded from the node's own log.

A ward lists the agencies of its insurer by signed events; an agency can stand in several directories. A
signing key counts from ``valid_from`` until ``valid_to`` of the newest listing that names it, and not
after the day on which its agency was taken off the list. A key marked as compromised proves nothing
about the time it claims, so nothing that newly arrives under it is accepted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from time import monotonic
from typing import Any, Final
from zoneinfo import ZoneInfo

from joserfc.jwk import OKPKey

from shared.eventlog.log import EventLog, event_of
from shared.eventlog.model import Event
from shared.exchange.jose import public_key

TOKYO: Final = ZoneInfo("Asia/Tokyo")
FRESH_SECONDS: Final = 0.5


class NotListed(Exception):
    """A sender or key that no directory knows yet; ``code`` is ``unknown_sender`` or ``unknown_key``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NotValid(Exception):
    """A known key that must not be accepted; ``code`` is ``key_not_valid`` or ``key_compromised``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class ListedKey:
    """A public key and its period; ``use`` is ``sig`` or ``enc``."""

    kid: str
    use: str
    key: OKPKey
    valid_from: datetime
    valid_to: datetime | None = None

    def covers(self, moment: datetime) -> bool:
        """Whether ``moment`` is inside the key's period."""
        return self.valid_from <= moment and (self.valid_to is None or moment < self.valid_to)


@dataclass(frozen=True, slots=True)
class Listing:
    """An agency in one insurer's directory. Keys of earlier listings stay, for messages signed in their
    period."""

    insurer: str
    agency: str
    name: str
    roles: frozenset[str]
    keys: Mapping[str, ListedKey]
    delisted_on: date | None = None

    def covers(self, moment: datetime) -> bool:
        """Whether the agency was not yet off the list at ``moment``."""
        return self.delisted_on is None or moment < _end_of(self.delisted_on)


@dataclass(frozen=True)
class Directory:
    """All directories together. ``anchors`` maps an insurer to its ward's configured public signing key."""

    anchors: Mapping[str, OKPKey] = field(default_factory=dict)
    listings: Mapping[tuple[str, str], Listing] = field(default_factory=dict)
    compromised: frozenset[tuple[str, str]] = frozenset()

    @classmethod
    def trusting(cls, trust: Mapping[str, Mapping[str, Any]]) -> "Directory":
        """An empty directory with its anchors. :raises ValueError: an anchor is not a usable key."""
        return cls({insurer: public_key(jwk) for insurer, jwk in trust.items()})

    def of(self, agency: str) -> list[Listing]:
        """The agency's listings, one for each insurer that lists it."""
        return [each for (_, listed), each in self.listings.items() if listed == agency]

    def roles(self, agency: str, moment: datetime) -> frozenset[str]:
        """What the agency is in any directory at ``moment``; nothing when it is not listed."""
        return frozenset().union(*(each.roles for each in self.of(agency) if each.covers(moment)))

    def name(self, agency: str) -> str:
        """The agency's name, or its number while it is unknown."""
        return next((each.name for each in self.of(agency)), agency)

    def signing_key(self, agency: str, kid: str, moment: datetime) -> OKPKey:
        """The key with which ``agency`` signed at ``moment``.

        :raises NotListed: the agency or the key may become known later.
        :raises NotValid: the key is outside its period, the agency was off the list, or the key is
        compromised.
        """
        if (agency, kid) in self.compromised:
            raise NotValid("key_compromised")
        listings = self.of(agency)
        found = [
            (listing, listing.keys[kid])
            for listing in listings
            if kid in listing.keys and listing.keys[kid].use == "sig"
        ]
        if not found:
            raise NotListed("unknown_key" if listings else "unknown_sender")
        for listing, key in found:
            if listing.covers(moment) and key.covers(moment):
                return key.key
        raise NotValid("key_not_valid")

    def anchor(self, agency: str, kid: str) -> OKPKey | None:
        """The configured key of an insurer's ward, for directory messages while the ward is not listed."""
        key = self.anchors.get(agency)
        if key is None or key.kid != kid or (agency, kid) in self.compromised:
            return None
        return key

    def current_keys(self, agency: str, use: str, moment: datetime) -> list[ListedKey]:
        """The agency's keys of one use that are valid at ``moment``, the newest first."""
        found = [
            key
            for listing in self.of(agency)
            if listing.covers(moment)
            for key in listing.keys.values()
            if key.use == use and key.covers(moment) and (agency, key.kid) not in self.compromised
        ]
        return sorted(found, key=lambda each: each.valid_from, reverse=True)

    def encryption_key(self, agency: str, moment: datetime) -> OKPKey | None:
        """The key to which messages for ``agency`` are encrypted now; ``None`` while it is not listed."""
        return next((each.key for each in self.current_keys(agency, "enc", moment)), None)


def evolve_directory(directory: Directory, event: Event) -> Directory:
    """Fold one event; events that say nothing about the directory change nothing."""
    fold = _FOLDS.get(event.type)
    return directory if fold is None else fold(directory, event.data)


def _listed(directory: Directory, data: Mapping[str, Any]) -> Directory:
    place = (data["insurer"], data["agency"])
    before = directory.listings.get(place)
    keys = {} if before is None else dict(before.keys)
    keys.update({each["kid"]: _listed_key(each) for each in data["keys"]})
    listing = Listing(*place, data["name"], frozenset(data["roles"]), keys)
    return replace(directory, listings={**directory.listings, place: listing})


def _listed_key(data: Mapping[str, Any]) -> ListedKey:
    return ListedKey(
        data["kid"],
        data["use"],
        public_key({**data["jwk"], "kid": data["kid"]}),
        _moment(data["valid_from"]),
        _moment(data["valid_to"]) if data.get("valid_to") else None,
    )


def _delisted(directory: Directory, data: Mapping[str, Any]) -> Directory:
    place = (data["insurer"], data["agency"])
    if place not in directory.listings:
        return directory
    listing = replace(directory.listings[place], delisted_on=date.fromisoformat(data["delisted_on"]))
    return replace(directory, listings={**directory.listings, place: listing})


def _compromised(directory: Directory, data: Mapping[str, Any]) -> Directory:
    return replace(directory, compromised=directory.compromised | {(data["agency"], data["kid"])})


_FOLDS: Final = {"AgencyListed": _listed, "AgencyDelisted": _delisted, "KeyCompromised": _compromised}


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=TOKYO)


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, TOKYO)


class DirectoryReader:
    """The directory as the log has it; each look folds only what is new, and not more often than it must.

    A change that another process made is seen after ``FRESH_SECONDS`` at the latest.
    """

    def __init__(self, log: EventLog, trust: Mapping[str, Mapping[str, Any]]) -> None:
        self._log = log
        self._position = 0
        self._directory = Directory.trusting(trust)
        self._looked_at = -FRESH_SECONDS

    def read(self, fresh: bool = False) -> Directory:
        """The directory now. :raises psycopg.OperationalError: the database is away."""
        if fresh or monotonic() - self._looked_at >= FRESH_SECONDS:
            for row in self._log.register(self._position):
                self._directory = evolve_directory(self._directory, event_of(row))
                self._position = row.position
            self._looked_at = monotonic()
        return self._directory
