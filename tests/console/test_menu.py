"""The menu marks where one is, also on pages that have no entry of their own."""

import re
from collections.abc import Callable

import pytest

from tests.console.conftest import Console


@pytest.mark.parametrize(
    ("service", "path", "marked", "how"),
    [
        ("ward", "/beneficiaries", "台帳", "page"),
        ("ward", "/certifications", "台帳", "true"),
        ("ward", "/closing", "モデルの終了", "page"),
        ("kyotaku", "/caseload", "利用者・ケース", "true"),
        ("kyotaku", "/cases/{case}/matrix", "利用者・ケース", "true"),
        ("kyotaku", "/settings/training", "設定", "true"),
        ("billing", "/submissions", "提出・委託料", "page"),
    ],
)
def test_the_menu_marks_the_entry_that_a_page_belongs_to(
    console_of: Callable[[str], Console], service: str, path: str, marked: str, how: str
) -> None:
    _, browser, case_id = console_of(service)
    page = browser.get(path.format(case=case_id)).text
    menu = page.partition('<nav class="menu"')[2].partition("</nav>")[0]
    assert re.findall(r'aria-current="(\w+)">([^<]*)<', menu) == [(how, marked)]
