"""Text of claim data: cp932, kana in half width, characters that the files may not hold replaced and reported."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

ENCODING: Final = "cp932"
REPLACEMENT: Final = "?"
"""Stands for a character that a file can't hold."""
FORBIDDEN: Final = frozenset("'\",")
"""The single quote is forbidden by the interface; quote and comma would need quoting, which not every reader knows."""

_SMALL: Final = {"ヮ": "ﾜ", "ヵ": "ｶ", "ヶ": "ｹ", "ヰ": "ｲ", "ヱ": "ｴ", "ヽ": "ｰ", "ヾ": "ｰ"}


def _half_width_kana() -> Mapping[int, str]:
    found: dict[str, str] = dict(_SMALL)
    for code in range(0xFF61, 0xFF9E):
        for mark in ("", "ﾞ", "ﾟ"):
            half = chr(code) + mark
            full = unicodedata.normalize("NFKC", half)
            if len(full) == 1:
                found[full] = half
    hiragana = {chr(code): chr(code + 0x60) for code in range(0x3041, 0x3097)}
    found.update({kana: found[full] for kana, full in hiragana.items() if full in found})
    return str.maketrans({**found, "゛": "ﾞ", "゜": "ﾟ", "\u3000": " "})


_KANA: Final = _half_width_kana()
_ASCII: Final = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}


@dataclass(frozen=True, slots=True)
class Replaced:
    """A character that was replaced, and in whose record: ``place`` is the person's insured number."""

    place: str
    title: str
    character: str


def half_width(text: str) -> str:
    """Katakana and hiragana, digits and letters in half width; everything else stays."""
    return unicodedata.normalize("NFC", text).translate(_KANA).translate(_ASCII)


def writable(character: str) -> bool:
    """Whether a file may hold the character: one of cp932, no control character, none that a maker defined (外字)."""
    if character in FORBIDDEN or unicodedata.category(character) in ("Cc", "Co", "Cs", "Cn"):
        return False
    try:
        character.encode(ENCODING)
    except UnicodeEncodeError:
        return False
    return True


def cleaned(text: str) -> tuple[str, tuple[str, ...]]:
    """Text in half width as a file can hold it, and the characters that were replaced."""
    replaced: list[str] = []
    written = []
    for each in half_width(text).strip():
        if not writable(each):
            replaced.append(each)
        written.append(each if writable(each) else REPLACEMENT)
    return "".join(written), tuple(replaced)


def shortened(text: str, size: int) -> str:
    """The beginning of a text that takes at most ``size`` bytes of cp932; a voiced mark is not parted from its kana."""
    kept = ""
    for each in text:
        if len((kept + each).encode(ENCODING)) > size:
            return kept[:-1] if each in "ﾞﾟ" else kept
        kept += each
    return kept


def in_cp932(text: str, size: int) -> bool:
    """Whether a file may hold every character, and all together take at most ``size`` bytes."""
    return all(map(writable, text)) and len(text.encode(ENCODING)) <= size
