"""The invented person, agencies and numbers of all examples. No one bears them (decision 19)."""

from typing import Any, Final

WARD: Final = "131169"
CENTRE: Final = "1301600019"
OFFICE: Final = "1371600014"
BILLING: Final = "131169B001"
RENTAL: Final = "1371600022"
DAY_SERVICE: Final = "13A1600017"

NOTIFICATION: Final = "7d5a1c52-6f0c-5f0e-9d3a-0f5b7f5d1a01"
PLAN: Final = "7d5a1c52-6f0c-5f0e-9d3a-0f5b7f5d1a02"
REQUEST: Final = "7d5a1c52-6f0c-5f0e-9d3a-0f5b7f5d1a03"
CLAIM: Final = "7d5a1c52-6f0c-5f0e-9d3a-0f5b7f5d1a04"
REVIEW: Final = "7d5a1c52-6f0c-5f0e-9d3a-0f5b7f5d1a05"
COMPLAINT: Final = "c7a1d0e4-55b2-5c8e-9f10-2f6b8d3a4e51"
REPORT: Final = "7d5a1c52-6f0c-5f0e-9d3a-0f5b7f5d1a06"
CHECKLIST: Final = "7d5a1c52-6f0c-5f0e-9d3a-0f5b7f5d1a08"
APPLICATION: Final = "7d5a1c52-6f0c-5f0e-9d3a-0f5b7f5d1a07"

CASE: Final = "7d5a1c52-6f0c-5f0e-9d3a-0f5b7f5d1a08"
SUBMISSION: Final = "7d5a1c52-6f0c-5f0e-9d3a-0f5b7f5d1a09"
STATEMENT: Final = "7d5a1c52-6f0c-5f0e-9d3a-0f5b7f5d1a0a"

PERSON: Final[dict[str, Any]] = {
    "name": "見本 はな",
    "kana": "ミホン ハナ",
    "birth_date": "1942-05-03",
    "insured_number": "0000000001",
    "address": "東京都豊島区見本町一丁目1番1号",
    "telephone": "03-0000-0001",
}
