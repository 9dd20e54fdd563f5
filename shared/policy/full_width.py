"""Full-width characters, as Japanese keyboards and older systems produce them, to ordinary ones."""

import unicodedata
from typing import Final

# The minus of JIS X 0208 has no ordinary form in Unicode's tables, but it is what many systems send for "-".
_JIS_MINUS: Final = {ord("−"): "-"}


def normalise(text: str) -> str:
    """``１３１１６９`` → ``131169``, ``Ａ６`` → ``A6``; white space at both ends is dropped."""
    return unicodedata.normalize("NFKC", text).translate(_JIS_MINUS).strip()
