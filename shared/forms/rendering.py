"""Fields and a template become a PDF: the one place that knows typst, which is loaded when the first form is made.

Texts reach a template as data, never as markup, so nothing that somebody wrote can change a form. The same fields give
the same bytes, so that a printed form can be told by its hash.
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from shared.forms.form import Part

if TYPE_CHECKING:
    import typst

TEMPLATES: Final = Path(__file__).parent / "templates"
_FONT: Final = "noto_cjk_sans_jp_regular"
_UNPRINTABLE: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Control characters, and those that turn the writing direction: they could make a text look like another."""


def pdf(template: str, fields: Mapping[str, Any], *, training: bool = False) -> bytes:
    """The PDF of a form: ``template`` is a file's name in ``templates/`` without its ending.

    Every sheet of a training log's form says so.
    """
    found: Any = _compiler(template, fields, training).compile(format="pdf")
    return bytes(found)


def bound(
    template: str, fields: Mapping[str, Any], parts: Sequence[Part], *, training: bool = False
) -> bytes:
    """The PDF of a bundle: ``template`` with the sheets of other forms, which it finds in ``parts``.

    Of each part it is told the PDF's bytes and of each sheet whether it lies (横).
    """
    made = [
        {
            "pdf": list(pdf(each.template, each.fields, training=training)),
            "lying": [
                _lies(sheet) for sheet in pictures(each.template, each.fields, training=training, dpi=8)
            ],
        }
        for each in parts
    ]
    found: Any = _compiler(template, fields, training, json.dumps(made)).compile(format="pdf")
    return bytes(found)


def _lies(picture: bytes) -> bool:
    """Whether a PNG picture is wider than it is high: its first chunk says how wide and how high it is."""
    return int.from_bytes(picture[16:20]) > int.from_bytes(picture[20:24])


def pictures(
    template: str, fields: Mapping[str, Any], *, training: bool = False, dpi: int = 100
) -> list[bytes]:
    """The sheets of a form as PNG pictures."""
    found: Any = _compiler(template, fields, training).compile(format="png", ppi=dpi)
    return list(found) if isinstance(found, list) else [found]


def _compiler(
    template: str, fields: Mapping[str, Any], training: bool, parts: str = "[]"
) -> "typst.Compiler":
    import typst

    given = {
        "fields": json.dumps(_printable(fields), ensure_ascii=False),
        "training": "yes" if training else "",
        "parts": parts,
    }
    return typst.Compiler(
        str(TEMPLATES / f"{template}.typ"), root=str(TEMPLATES), font_paths=_fonts(), sys_inputs=given
    )


@cache
def _fonts() -> "typst.Fonts":
    import typst

    package = find_spec(_FONT)
    folders = list(package.submodule_search_locations or ()) if package else []
    assert folders, f"the font of {_FONT} is not installed"
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        whole = value.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode()
        return _UNPRINTABLE.sub("", whole)
    if isinstance(value, Mapping):
        return {name: _printable(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_printable(each) for each in value]
    return value
