"""The private keys of one agency, in a file that only its node can read."""

import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import OKPKey


@dataclass(frozen=True)
class AgencyKeys:
    """The private keys of one node: of its agency, and ``node_key`` (32 bytes) which wraps the persons' keys.

    The last signing key is the newest; older ones stay while the directory still lists them.
    """

    agency: str
    node_key: bytes
    signing: tuple[OKPKey, ...]
    encryption: tuple[OKPKey, ...]

    @classmethod
    def generate(cls, agency: str) -> "AgencyKeys":
        """Fresh keys for ``agency``, with key ids that name it."""
        signing, encryption = _fresh_key(agency, "Ed25519", "sig"), _fresh_key(agency, "X25519", "enc")
        return cls(agency, os.urandom(32), (signing,), (encryption,))

    def renewed(self) -> "AgencyKeys":
        """The same keys with a fresh pair beside them: the old ones go on until the directory lists the new."""
        fresh = self.generate(self.agency)
        return replace(
            self,
            signing=(*self.signing, *fresh.signing),
            encryption=(*self.encryption, *fresh.encryption),
        )

    @classmethod
    def load(cls, path: Path) -> "AgencyKeys":
        """Read a key file as :meth:`save` wrote it.

        :raises OSError: unreadable. :raises ValueError: not a key file.
        """
        try:
            read = json.loads(path.read_text(encoding="utf-8"))
            return cls(
                read["agency"],
                _decode(read["node_key"]),
                tuple(OKPKey.import_key(each) for each in read["signing"]),
                tuple(OKPKey.import_key(each) for each in read["encryption"]),
            )
        except (KeyError, TypeError, ValueError, JoseError) as problem:
            raise ValueError(f"鍵ファイル {path} を読めません。控えから戻してください") from problem

    def save(self, path: Path) -> None:
        """Write the key file, readable for its owner only; one that is there is replaced whole or not at all."""
        content = {
            "agency": self.agency,
            "node_key": _encode(self.node_key),
            "signing": [each.as_dict(private=True) for each in self.signing],
            "encryption": [each.as_dict(private=True) for each in self.encryption],
        }
        beside = path.with_name(f"{path.name}.new")
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)

    def public_jwks(self) -> list[dict[str, Any]]:
        """The public keys, as they stand in a directory: JWKs with ``kid`` and ``use``."""
        return [each.as_dict(private=False) for each in (*self.signing, *self.encryption)]

    def anchor(self) -> dict[str, Any]:
        """The newest public signing key: what partners configure as trust anchor if this agency is a ward."""
        return self.signing[-1].as_dict(private=False)

    def signing_key(self, listed: Sequence[str] = ()) -> OKPKey:
        """The newest signing key whose id is in ``listed``; without any listed one, the newest."""
        return next((each for each in reversed(self.signing) if each.kid in listed), self.signing[-1])


def _fresh_key(agency: str, curve: Any, use: str) -> OKPKey:
    key = OKPKey.generate_key(curve, private=True)
    parameters = {**key.as_dict(private=True), "use": use, "kid": f"{agency}.{use}.{key.thumbprint()[:10]}"}
    return OKPKey.import_key(parameters)


def _encode(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def _decode(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
