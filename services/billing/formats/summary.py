"""The claim's cover (請求書): sums of the details by month, paid by the insurance or by public assistance alone.

7111 (18 items) goes with 介護予防支援, 7113 (12 items) with ケアマネジメント費; the first twelve are the same.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

from services.billing.formats.codes import LAW_PUBLIC_ASSISTANCE, only_public
from services.billing.formats.frame import Record
from services.billing.formats.layout import Problem, layouts
from shared.policy.dates import Month

INSURANCE, PUBLIC = "1", "2"
"""保険・公費等区分."""
CLAIM_KINDS: Final[Mapping[str, str]] = {"7111": "02", "7113": "06"}
"""Layout of the cover → 請求情報区分: 居宅介護支援・介護予防支援, or 介護予防ケアマネジメント費."""
_RESIDENTS: Final = ("number", "days", "cost", "own_yen", "public_yen", "insurance_yen")


class Detail(Protocol):
    """What a cover adds up."""

    @property
    def office(self) -> str: ...
    @property
    def service_month(self) -> Month: ...
    @property
    def insured_number(self) -> str: ...
    @property
    def total_units(self) -> int: ...
    @property
    def yen(self) -> int: ...


def cover(layout: str, details: Sequence[Detail]) -> list[Record]:
    """The cover records of these details, by month, the insurance's before public assistance's.

    A person who is not insured (number beginning with H) stands in the public record only.
    """
    grouped: dict[tuple[Month, str, str], list[Detail]] = defaultdict(list)
    for each in details:
        payer = PUBLIC if only_public(each.insured_number) else INSURANCE
        grouped[(each.service_month, payer, each.office)].append(each)
    return [
        Record(layout, _sums(layout, *key, grouped[key]))
        for key in sorted(grouped, key=lambda key: (key[0], *key[1:]))
    ]


def _sums(layout: str, month: Month, payer: str, office: str, details: Sequence[Detail]) -> dict[str, Any]:
    yen = sum(each.yen for each in details)
    values = {
        "service_month": month,
        "office": office,
        "payer_kind": payer,
        "law": LAW_PUBLIC_ASSISTANCE if payer == PUBLIC else "00",
        "claim_kind": CLAIM_KINDS[layout],
        "number": len(details),
        "units": sum(each.total_units for each in details),
        "cost": yen,
        "insurance_yen": yen if payer == INSURANCE else 0,
        "public_yen": yen if payer == PUBLIC else 0,
        "own_yen": 0,
    }
    return {**values, **({f"residents_{key}": 0 for key in _RESIDENTS} if layout == "7111" else {})}


def disagreements(layout: str, covers: Sequence[Record], details: Sequence[Detail]) -> list[Problem]:
    """Where a file's covers do not say what its details add up to."""
    expected = {_key(each): each for each in cover(layout, details)}
    problems = []
    for each in covers:
        wanted = expected.pop(_key(each), None)
        if wanted is None:
            problems.append(
                each.problem("service_month", each.values["service_month"], "明細のあるサービス提供年月")
            )
            continue
        for key, value in wanted.values.items():
            if each.values[key] != value:
                total = f"明細の合計（{value}）" if isinstance(value, int) else f"「{value}」"
                problems.append(each.problem(key, each.values[key], total))
    title = layouts()[layout].title
    problems += [
        Problem(0, layout, 2, title, "", f"{missing.values['service_month']} 分の請求書が必要")
        for missing in expected.values()
    ]
    return problems


def _key(record: Record) -> tuple[object, ...]:
    return tuple(record.values[key] for key in ("service_month", "payer_kind", "office"))
