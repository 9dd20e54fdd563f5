"""What a claim file may not hold at its insurers, though its layout allows it."""

from collections.abc import Iterator

from services.billing.formats.care_management_claim import CareManagementClaim
from services.billing.formats.layout import Problem
from services.billing.formats.reading import ClaimFile
from shared.policy.parameters import ParameterError, parameters

_AF = "AF"
"""The kind of service under which most prefectures claim ケアマネジメント費."""


def problems_at_insurers(found: ClaimFile) -> Iterator[Problem]:
    """AF codes where the insurer's federation uses none: that fee goes to the ward on a medium (A-Q35b)."""
    for each in found.entries:
        if not isinstance(each, CareManagementClaim):
            continue
        try:
            used = parameters(each.insurer).find("claim.af_codes", each.service_month.first)
        except ParameterError:
            continue  # no parameters of that insurer: nothing is known of what it takes
        if used is not None and not used.value and any(line.code.startswith(_AF) for line in each.lines):
            place = f"8171-02（{each.insured_number} {each.service_month}）"
            expected = "東京都国保連は AF のサービスコードを使用していないため、区への媒体での請求"
            yield Problem(0, place, 7, "サービス種類コード", _AF, expected)
