"""What a file's codes and units must be by the published parameters of the insurer and the month (T-33, A-Q35c)."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from services.billing.formats.frame import Record
from services.billing.formats.layout import Problem
from shared.policy.dates import Month
from shared.policy.money import split_fee
from shared.policy.parameters import ParameterError, Parameters, parameters

_UNITS: Final[Mapping[str, str]] = {
    "centre": "fee.preventive_support.centre",
    "office": "fee.preventive_support.office",
    "initial": "addition.initial",
    "linkage": "addition.linkage",
}
"""Place in the table of service codes → parameter of its units."""
_SERVICES: Final = ("services.project", "services.preventive_benefit", "services.short_stay")
_CARE: Final = "2"
"""First character of the codes of 要介護."""
_SUPPORT: Final = "46"


def _known(record: Record) -> tuple[Parameters | None, Month]:
    """The insurer's parameters, None where nothing is published of it, and the month of service."""
    values: Any = record.values
    try:
        return parameters(values["insurer"][-6:]), values["service_month"]
    except ParameterError:
        return None, values["service_month"]


def _value(known: Parameters | None, name: str, month: Month) -> Any:
    entry = known.find(name, month.first) if known is not None else None
    return entry.value if entry is not None else None


def of_service(record: Record) -> Iterator[Problem]:
    """A kind of service on a slip that is none: of 要支援 and 事業対象者 those published, of 要介護 any two digits."""
    known, month = _known(record)
    service, status = str(record.values["service"]), str(record.values["status"])
    published = [code for name in _SERVICES for code in _value(known, name, month) or ()]
    if status.startswith(_CARE) or not published:
        right = service in published or bool(re.fullmatch("[0-9][0-9A-Z]|A[0-9A-F]", service))
    else:
        right = service in published
    if not right:
        codes = "・".join(sorted(set(published))) or "数字か A で始まる2桁"
        yield record.problem("service", service, f"{month} に使うサービス種類コード（{codes}）")


def of_line(record: Record) -> Iterator[Problem]:
    """A line of 介護予防支援費 whose code is none of that service, or whose units are not the code's."""
    known, month = _known(record)
    code, units = str(record.values["service_code"]), record.values["units"]
    if not code.startswith(_SUPPORT):
        yield record.problem("service_code", code, "介護予防支援（種類46）のサービスコード")
        return
    for place, each in (_value(known, "claim.service_code", month) or {}).items():
        right = _value(known, _UNITS[place], month) if each == code and place in _UNITS else None
        if right is not None and units != right:
            yield record.problem("units", units, f"サービスコード{code}の{month}の単位数（{right}）")


def of_medium(record: Record) -> Iterator[Problem]:
    """費用コード that is none, or does not go with the units (A-Q35c); shares that are not the ward's split."""
    known, month = _known(record)
    values: Any = record.values
    code = values["cost_code"]
    codes, basic = _value(known, "claim.cost_code", month), _value(known, "fee.care_management_a", month)
    if code is not None and codes is not None and basic is not None:
        initial = _value(known, "addition.initial", month) or 0
        units_of = {codes["basic"]: basic, codes["basic_and_initial"]: basic + initial}
        if code not in units_of:
            yield record.problem("cost_code", code, "か".join(f"「{each}」" for each in units_of))
        elif values["units"] != units_of[code]:
            expected = f"費用コード{code}の{month}の単位数（{units_of[code]}）"
            yield record.problem("units", values["units"], expected)
    if values["entrusted_office"] is None or known is None:
        return
    try:
        split = split_fee(values["yen"], month.first, known)
    except ParameterError:
        return
    for key, right in (("office_yen", split.office), ("centre_yen", split.centre)):
        if values[key] != right:
            yield record.problem(key, values[key], f"区の配分による額（{right}）")
