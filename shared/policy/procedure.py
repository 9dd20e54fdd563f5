"""Which version of an insurer's procedure holds on a day, and whom to ask about it (T-05, T-70)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from shared.policy.dates import era_date
from shared.policy.parameter_files import Entry
from shared.policy.parameters import ParameterError, Parameters, parameters

PROGRAMME: Final = "model.programme"
VERSION: Final = "model.document_version"
CONTACT: Final = "model.contact"
_TOLD: Final = ("model.", "designation.", "plan_review.")
"""Beginnings of the names of the parameters that tell how an insurer's procedure goes."""


@dataclass(frozen=True, slots=True)
class Contact:
    """The group of the ward office that answers questions about the procedure (T-70)."""

    group: str
    telephone: str
    fax: str
    mail: str

    def __str__(self) -> str:
        return f"{self.group}　電話 {self.telephone}　FAX {self.fax}　{self.mail}"


@dataclass(frozen=True)
class Procedure:
    """An insurer's recommended procedure as it stands on a day.

    ``version`` is None on a day before the first version of its document was written (T-05), ``contact`` before
    anybody was named. ``settings`` are the parameters by which it goes, each with its source.
    """

    insurer: str
    name: str
    version: str | None
    contact: Contact | None
    settings: Sequence[Entry]


def procedure_on(insurer: str, on: date) -> Procedure | None:
    """The procedure of ``insurer`` on ``on``, or None where it has published none."""
    try:
        known = parameters(insurer)
        known.history(VERSION)
    except ParameterError:
        return None
    version = known.find(VERSION, on)
    return Procedure(
        insurer,
        known.insurer.name,
        None if version is None else str(version.value),
        _contact(known, on),
        [
            found
            for name in known.names
            if name.startswith(_TOLD) and name not in (VERSION, CONTACT)
            if (found := known.find(name, on)) is not None
        ],
    )


def model_on(insurer: str, on: date) -> str | None:
    """The model that an insurer runs from its first day on (T-01), or None where it runs none."""
    try:
        found = parameters(insurer).find(PROGRAMME, on)
    except ParameterError:
        return None
    return None if found is None else str(found.value)


def _contact(known: Parameters, on: date) -> Contact | None:
    entry = known.find(CONTACT, on)
    if entry is None:
        return None
    value: Any = entry.value
    return Contact(value["group"], value["telephone"], value["fax"], value["mail"])


def value_text(value: Any) -> str:
    """A parameter's value as people read it: several of them with 、 between."""
    if isinstance(value, tuple | list):
        return "、".join(value_text(each) for each in value)
    if isinstance(value, date):
        return era_date(value)
    return str(value)
