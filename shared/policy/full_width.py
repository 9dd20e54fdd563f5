"""Full-width characters, as Japanese keyboards and older systems produce them, to ordinary ones."""

import re
import unicodedata
from typing import Final

# The minus of JIS X 0208 has no ordinary form in Unicode's tables, but it is what many systems send for "-".
_JIS_MINUS: Final = {ord("−"): "-"}


def normalise(text: str) -> str:
    """``１３１１６９`` → ``131169``, ``Ａ６`` → ``A6``; white space at both ends is dropped."""
    return unicodedata.normalize("NFKC", text).translate(_JIS_MINUS).strip()


_HALF_KATAKANA: Final = re.compile("[\uff61-\uff9f]+")
_WIDE: Final = {
    code: code - 0xFEE0
    for first, last in (("０", "９"), ("Ａ", "Ｚ"), ("ａ", "ｚ"))
    for code in range(ord(first), ord(last) + 1)
}
_BETWEEN_DIGITS: Final = re.compile(r"(?<=[0-9])[－−‐‑–—](?=[0-9])")
_KATAKANA: Final = {code: code + 0x60 for code in range(ord("ぁ"), ord("ゖ") + 1)}


def one_width(text: str) -> str:
    """Text as people read it, in one width: ``ﾐﾎﾝ１−２`` → ``ミホン1-2``.

    Letters and digits become ordinary ones, half-width katakana full-width. All else stays: a character of a name has
    variants that a normalisation of Unicode would take for the same, and full-width brackets belong to Japanese text.
    """
    return _BETWEEN_DIGITS.sub("-", full_katakana(text).translate(_WIDE))


def full_katakana(text: str) -> str:
    """Half-width katakana to full-width, with their sound marks: ``ﾊﾞ`` → ``バ``; all else stays."""
    return _HALF_KATAKANA.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)


def as_kana(text: str) -> str:
    """A reading in full-width katakana, whether it was typed so, half-width or in hiragana."""
    return full_katakana(text).translate(_KATAKANA)


def searchable(text: str) -> str:
    """Text to compare by: one width, katakana, no spaces, lower case."""
    tidy = unicodedata.normalize("NFKC", text).translate(_KATAKANA).casefold()
    return "".join(tidy.split())
