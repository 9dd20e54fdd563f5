"""Fields and a template become a PDF: the one place that has forms typeset, each in a short process of its own.

Texts reach a template as data, never as markup, so nothing that somebody wrote can change a form. The same fields give
the same bytes, so that a printed form can be told by its hash.
"""

import base64
import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from shared.forms.form import Part

TEMPLATES: Final = Path(__file__).parent / "templates"
_FONT: Final = "noto_cjk_sans_jp_regular"
_TYPESETTER: Final = Path(__file__).with_name("typesetting.py")
_SECONDS: Final = 120.0
"""How long typesetting may take: the longest bundles are made in a few seconds."""
_UNPRINTABLE: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Control characters, and those that turn the writing direction: they could make a text look like another."""


class CannotTypeset(RuntimeError):
    """A form was not made; the message is the typesetter's own."""


def pdf(template: str, fields: Mapping[str, Any], *, training: bool = False) -> bytes:
    """The PDF of a form: ``template`` is a file's name in ``templates/`` without its ending.

    Every sheet of a training log's form says so.

    :raises CannotTypeset: the template and the fields don't fit, or it took too long.
    """
    return _typeset(template, fields, training, "pdf")[0]


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
    return _typeset(template, fields, training, "pdf", json.dumps(made))[0]


def _lies(picture: bytes) -> bool:
    """Whether a PNG picture is wider than it is high: its first chunk says how wide and how high it is."""
    return int.from_bytes(picture[16:20]) > int.from_bytes(picture[20:24])


def pictures(
    template: str, fields: Mapping[str, Any], *, training: bool = False, dpi: int = 100
) -> list[bytes]:
    """The sheets of a form as PNG pictures."""
    return _typeset(template, fields, training, "png", dpi=dpi)


def _typeset(
    template: str, fields: Mapping[str, Any], training: bool, kind: str, parts: str = "[]", dpi: int = 100
) -> list[bytes]:
    asked = {
        "template": str(TEMPLATES / f"{template}.typ"),
        "root": str(TEMPLATES),
        "fonts": _fonts(),
        "inputs": {
            "fields": json.dumps(_printable(fields), ensure_ascii=False),
            "training": "yes" if training else "",
            "parts": parts,
        },
        "format": kind,
        "ppi": dpi,
    }
    try:
        made = subprocess.run(
            [sys.executable, "-I", str(_TYPESETTER)],
            input=json.dumps(asked).encode(),
            capture_output=True,
            timeout=_SECONDS,
        )
    except subprocess.TimeoutExpired as late:
        raise CannotTypeset(f"the form {template} was not typeset within {_SECONDS:.0f} seconds") from late
    if made.returncode:
        said = made.stderr.decode(errors="replace").strip() or f"status {made.returncode}"
        raise CannotTypeset(f"{template}: {said}")
    return [base64.b64decode(each) for each in json.loads(made.stdout)]


@cache
def _fonts() -> list[str]:
    package = find_spec(_FONT)
    folders = list(package.submodule_search_locations or ()) if package else []
    assert folders, f"the font of {_FONT} is not installed"
    return folders


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        whole = value.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode()
        return _UNPRINTABLE.sub("", whole)
    if isinstance(value, Mapping):
        return {name: _printable(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_printable(each) for each in value]
    return value
