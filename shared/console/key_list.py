"""Public keys as people compare them: fingerprint, period, state; this node's own and those of the directories."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from shared.eventlog.model import Event
from shared.node.agency_keys import AgencyKeys

KEY_EVENTS: Final = frozenset({"AgencyListed", "AgencyDelisted", "KeyCompromised"})
"""The events that say which keys count."""
USES: Final = {"sig": "署名", "enc": "暗号化"}
STATES: Final = {
    "valid": "有効",
    "coming": "これから有効",
    "over": "期間が終わった",
    "replaced": "名簿から外れた",
    "delisted": "登載の終了",
    "compromised": "危殆化",
    "unlisted": "名簿にまだない",
}


@dataclass(frozen=True, slots=True)
class ShownKey:
    """One public key in one directory; ``insurer`` is empty for one of our own that no directory lists."""

    insurer: str
    agency: str
    kid: str
    use: str
    fingerprint: str
    valid_from: datetime | None
    valid_to: datetime | None
    compromised_from: datetime | None = None
    listed: bool = True
    delisted: bool = False

    def state(self, now: datetime) -> str:
        """A code of :data:`STATES`."""
        if self.compromised_from is not None:
            return "compromised"
        if not self.insurer:
            return "unlisted"
        if self.delisted:
            return "delisted"
        if not self.listed:
            return "replaced"
        if self.valid_from is not None and now < self.valid_from:
            return "coming"
        return "over" if self.valid_to is not None and now >= self.valid_to else "valid"


def fingerprint(jwk: Mapping[str, Any]) -> str:
    """The SHA-256 thumbprint of a public key (RFC 7638) in groups of four hexadecimal digits, to be read aloud."""
    members = json.dumps({name: jwk[name] for name in ("crv", "kty", "x")}, separators=(",", ":"))
    digest = hashlib.sha256(members.encode()).hexdigest()
    return " ".join(digest[place : place + 4] for place in range(0, len(digest), 4))


def listed_keys(events: Iterable[Event]) -> list[ShownKey]:
    """Every key that a directory listed, as the events stand in the log: by agency, directory and age."""
    found: dict[tuple[str, str, str], ShownKey] = {}
    for event in events:
        data = event.data
        insurer, agency = data["insurer"], data["agency"]
        if event.type == "KeyCompromised":
            named = (insurer, agency, data["kid"])
            if named in found:
                found[named] = replace(found[named], compromised_from=_moment(data["compromised_from"]))
            continue
        for named, key in found.items():
            if named[:2] == (insurer, agency):
                gone = event.type == "AgencyDelisted"
                found[named] = replace(key, delisted=gone, listed=key.listed and gone)
        if event.type == "AgencyListed":
            found.update(
                {(insurer, agency, each["kid"]): _key(insurer, agency, each, found) for each in data["keys"]}
            )
    return sorted(found.values(), key=lambda each: (each.agency, each.insurer, each.use, each.kid))


def own_unlisted(own: AgencyKeys, listed: Sequence[ShownKey]) -> list[ShownKey]:
    """This node's keys that no directory lists yet: what the ward still has to be told."""
    known = {each.fingerprint for each in listed if each.agency == own.agency}
    return [
        ShownKey("", own.agency, str(jwk["kid"]), str(jwk["use"]), fingerprint(jwk), None, None)
        for jwk in own.public_jwks()
        if fingerprint(jwk) not in known
    ]


def _key(
    insurer: str, agency: str, each: Mapping[str, Any], found: Mapping[tuple[str, str, str], ShownKey]
) -> ShownKey:
    before = found.get((insurer, agency, each["kid"]))
    return ShownKey(
        insurer,
        agency,
        each["kid"],
        each["use"],
        fingerprint(each["jwk"]),
        _moment(each["valid_from"]),
        _moment(each["valid_to"]) if each["valid_to"] else None,
        before.compromised_from if before else None,
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
