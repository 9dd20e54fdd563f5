"""The program that typesets one form and ends: typst and its font never stay in the memory of a node's process.

Run by :mod:`shared.forms.rendering` on its own, without the project: one JSON object comes in, JSON goes out.
"""

import base64
import json
import sys
from typing import Any

import typst


def main() -> None:
    """Read what to typeset, write the sheets: of a PDF all in one, of pictures each, in Base64."""
    asked = json.load(sys.stdin.buffer)
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=asked["fonts"])
    compiler = typst.Compiler(
        asked["template"], root=asked["root"], font_paths=fonts, sys_inputs=asked["inputs"]
    )
    made: Any = compiler.compile(format=asked["format"], ppi=asked["ppi"])
    sheets = made if isinstance(made, list) else [made]
    json.dump([base64.b64encode(each).decode() for each in sheets], sys.stdout)


if __name__ == "__main__":
    main()
