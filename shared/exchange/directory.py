"""Who takes part and with which keys: the directories of all insurers, folded from the node's own log.

A ward lists the agencies of its insurer by signed events; an agency can stand in several directories. A
signing key counts from ``valid_from`` until ``valid_to`` of the newest listing that names it, and not
after the day on which its agency was taken off the list. A key marked as compromised proves nothing
about the time it claims, so nothing that newly arrives under it is accepted.

Every ward speaks for its own directory alone, and no ward for another's agencies. An insurer's ward has
keys only from its own directory. Another agency's keys are those of its home, the first directory that
listed it and still does; in a case, the directory of the case's insurer has to name the key as well. So a
ward that lists somebody else's agency with keys of its own making can do nothing under that name.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from time import monotonic
from typing import Any, Final

from joserfc.jwk import OKPKey

from shared.eventlog.log import EventLog, event_of
from shared.eventlog.model import Event
from shared.exchange.jose import public_key, same
from shared.policy.dates import TOKYO

FRESH_SECONDS: Final = 0.5
INSURER_DIGITS: Final = 6
"""An insurer's number has six digits, any other agency's ten characters."""

logger = logging.getLogger("renkei.exchange.directory")


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
    """All directories together, each in the order in which this node learned of it.

    ``anchors`` maps an insurer to its ward's configured public signing key. ``compromised`` holds insurer, agency and
    key id: a ward withdraws keys from its own directory only.
    """

    anchors: Mapping[str, OKPKey] = field(default_factory=dict)
    listings: Mapping[tuple[str, str], Listing] = field(default_factory=dict)
    compromised: frozenset[tuple[str, str, str]] = frozenset()

    @classmethod
    def trusting(cls, trust: Mapping[str, Mapping[str, Any]]) -> "Directory":
        """An empty directory with its anchors. :raises ValueError: an anchor is not a usable key."""
        return cls({insurer: public_key(jwk) for insurer, jwk in trust.items()})

    def of(self, agency: str) -> list[Listing]:
        """The agency's listings, one for each insurer that lists it, its home first; a ward's own alone."""
        if self._is_insurer(agency):
            own = self.listings.get((agency, agency))
            return [] if own is None else [own]
        return [each for (_, listed), each in self.listings.items() if listed == agency]

    def roles(self, agency: str, moment: datetime, insurer: str | None = None) -> frozenset[str]:
        """What the agency is at ``moment``, by ``insurer``'s directory if it stands there, else by any.

        Nobody but an insurer is a ward, whatever it is listed as.
        """
        listings = self.of(agency)
        judging = [each for each in listings if each.insurer == insurer] or listings
        found = frozenset[str]().union(*(each.roles for each in judging if each.covers(moment)))
        return found if self._is_insurer(agency) else found - {"ward"}

    def name(self, agency: str) -> str:
        """The agency's name, or its number while it is unknown."""
        return next((each.name for each in self.of(agency)), agency)

    def signing_key(self, agency: str, kid: str, moment: datetime, insurer: str | None = None) -> OKPKey:
        """The key with which ``agency`` signed at ``moment``, in a case of ``insurer`` or outside cases.

        :raises NotListed: the agency or the key may become known later.
        :raises NotValid: the key is outside its period, the agency was off the list, or the key is
        compromised.
        """
        listings = self.of(agency)
        if not listings:
            raise NotListed("unknown_sender")
        home = next((each for each in listings if each.covers(moment)), listings[0])
        judging = [home, *(each for each in listings if each.insurer == insurer and each is not home)]
        found = [self._signing_key(each, kid, moment) for each in judging]
        if any(not same(each, found[0]) for each in found):
            raise NotListed("unknown_key")
        return found[0]

    def _signing_key(self, listing: Listing, kid: str, moment: datetime) -> OKPKey:
        if self._is_compromised(listing, kid):
            raise NotValid("key_compromised")
        key = listing.keys.get(kid)
        if key is None or key.use != "sig":
            raise NotListed("unknown_key")
        if not (listing.covers(moment) and key.covers(moment)):
            raise NotValid("key_not_valid")
        return key.key

    def anchor(self, agency: str, kid: str) -> OKPKey | None:
        """The configured key of an insurer's ward, for directory messages while the ward is not listed."""
        key = self.anchors.get(agency)
        if key is None or key.kid != kid or (agency, agency, kid) in self.compromised:
            return None
        return key

    def current_keys(self, agency: str, use: str, moment: datetime) -> list[ListedKey]:
        """The keys of one use that its home lists and that are valid at ``moment``, the newest first.

        If it can be, only those that every other directory that lists the agency names as well: what is signed
        with them counts with everybody.
        """
        listings = [each for each in self.of(agency) if each.covers(moment)]
        if not listings:
            return []
        home, *others = listings
        found = [
            key
            for key in home.keys.values()
            if key.use == use and key.covers(moment) and not self._is_compromised(home, key.kid)
        ]
        everywhere = [key for key in found if all(self._names(each, key, moment) for each in others)]
        return sorted(everywhere or found, key=lambda each: each.valid_from, reverse=True)

    def _names(self, listing: Listing, key: ListedKey, moment: datetime) -> bool:
        there = listing.keys.get(key.kid)
        named = there is not None and same(there.key, key.key) and there.covers(moment)
        return named and not self._is_compromised(listing, key.kid)

    def _is_compromised(self, listing: Listing, kid: str) -> bool:
        return (listing.insurer, listing.agency, kid) in self.compromised

    def _is_insurer(self, agency: str) -> bool:
        return agency in self.anchors or len(agency) == INSURER_DIGITS

    def encryption_key(self, agency: str, moment: datetime) -> OKPKey | None:
        """The key to which messages for ``agency`` are encrypted now; ``None`` while it is not listed."""
        return next((each.key for each in self.current_keys(agency, "enc", moment)), None)


def evolve_directory(directory: Directory, event: Event) -> Directory:
    """Fold one event; events that say nothing about the directory change nothing.

    Total: data that surprises it changes nothing, and a key that can't be used is left out. A log that holds such
    an event must not stop its node.
    """
    fold = _FOLDS.get(event.type)
    if fold is None:
        return directory
    try:
        return fold(directory, event.data)
    except (KeyError, TypeError, ValueError, AttributeError):
        logger.warning(
            "a directory event can't be read", extra={"facts": {"event": event.id, "type": event.type}}
        )
        return directory


def _listed(directory: Directory, data: Mapping[str, Any]) -> Directory:
    place = (data["insurer"], data["agency"])
    before = directory.listings.get(place)
    keys = {} if before is None else dict(before.keys)
    keys.update({each.kid: each for each in map(_listed_key, data["keys"]) if each is not None})
    listing = Listing(*place, data["name"], frozenset(data["roles"]), keys)
    return replace(directory, listings={**directory.listings, place: listing})


def _listed_key(data: Mapping[str, Any]) -> ListedKey | None:
    """A key as listed; ``None`` for one that can't be used."""
    try:
        return ListedKey(
            data["kid"],
            data["use"],
            public_key({**data["jwk"], "kid": data["kid"], "use": data["use"]}),
            _moment(data["valid_from"]),
            _moment(data["valid_to"]) if data.get("valid_to") else None,
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        logger.warning("a listed key can't be used")
        return None


def _delisted(directory: Directory, data: Mapping[str, Any]) -> Directory:
    place = (data["insurer"], data["agency"])
    if place not in directory.listings:
        return directory
    listing = replace(directory.listings[place], delisted_on=date.fromisoformat(data["delisted_on"]))
    return replace(directory, listings={**directory.listings, place: listing})


def _compromised(directory: Directory, data: Mapping[str, Any]) -> Directory:
    return replace(
        directory, compromised=directory.compromised | {(data["insurer"], data["agency"], data["kid"])}
    )


_FOLDS: Final = {"AgencyListed": _listed, "AgencyDelisted": _delisted, "KeyCompromised": _compromised}


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=TOKYO)


def _end_of(day: date) -> datetime:
    if day == date.max:
        return datetime.max.replace(tzinfo=TOKYO)
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
