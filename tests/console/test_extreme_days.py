"""No day typed into a form breaks it: what can't be is refused in words, the first and last that can are not."""

import re
from collections.abc import Callable, Iterator, Sequence
from uuid import UUID, uuid4

import pytest

from shared.console.forms import Control, controls
from tests.console.conftest import AGENCIES, ROLES, Api, Browser, Console

CHOSEN = {"text": "見本", "long": "見本", "lines": "見本", "number": "1", "clock": "9:30", "yesno": "yes"}

DAYS = (("0001-01-01", "0001-01-01"), ("", "0001-01-01"), ("2015-04-01", "2000-04-01"), ("", "2064-12-31"))
"""Day of the act (today where empty), and every other day."""


def filled(shown: Sequence[Control], day: str, agency: str) -> Iterator[tuple[str, str]]:
    """Every input of a form: that day wherever a day, a month or a moment is asked for, something elsewhere."""
    days = {"date": day, "month": day[:7], "moment": f"{day} 9:30"}
    for each in shown:
        for row in each.rows:
            yield from filled(row, day, agency)
        if each.options:
            yield each.name, each.options[0][0]
        elif each.kind in days:
            yield each.name, days[each.kind]
        elif each.kind == "agency":
            yield each.name, agency
        elif each.kind in CHOSEN:
            yield each.name, CHOSEN[each.kind]


@pytest.mark.parametrize("service", [*AGENCIES])
def test_every_form_of_every_role_answers_whatever_the_day(
    console_of: Callable[[str], Console], service: str
) -> None:
    node, browser, case_id = console_of(service)
    broken = []
    for name, spec in node.service.commands.items():
        if ROLES[service] not in spec.roles or spec.takes_file:
            continue
        of_case = f"/cases/{case_id}" if spec.needs_case and not spec.opens_case else ""
        for acted, day in DAYS:
            form = {**dict(filled(controls(spec.schema), day, AGENCIES["kyotaku"])), "_occurred_on": acted}
            for look in ({"look": "yes"}, {}):
                sent = {"command_id": str(uuid4()), **form, **look}
                answer = browser.post(f"{of_case}/commands/{name}", sent)
                expected = (400,) if acted == "0001-01-01" else (200, 302, 400, 422)
                if answer.status_code not in expected:
                    broken.append((name, acted, day, answer.status_code))
    assert broken == []
    assert browser.get(f"/cases/{case_id}").status_code == 200
    assert browser.get("/").status_code == 200


def test_the_form_and_the_interface_say_at_the_field_which_days_can_be(
    sign_in: Callable[[str], Browser], api: Callable[[str], Api], case_id: UUID
) -> None:
    form = {"command_id": str(uuid4()), "_occurred_on": "0001-01-01", "month": "2024-10", "findings": "歩く"}
    browser = sign_in("care.manager")
    answer = browser.post(f"/cases/{case_id}/commands/RecordSample", form)
    said = "実施日は総合事業が始まった日（平成27年4月1日）以後の日付にしてください"
    assert answer.status_code == 400
    assert f'<a href="#f-day">実施日：{said}</a>' in re.sub(r"\s*：\s*", "：", answer.text)
    month = browser.post(
        f"/cases/{case_id}/commands/RecordSample", {**form, "_occurred_on": "", "month": "0000-01"}
    )
    assert month.status_code == 400
    assert "「対象月」は平成12年4月1日から西暦2064年までの間で入力してください" in month.text
    fields = {"month": "2024-10", "findings": "歩く"}
    asked = {"id": str(uuid4()), "case": str(case_id), "occurred_on": "2015-03-31", "fields": fields}
    refused = api("care.manager").post("/commands/RecordSample", asked)
    assert (refused.status_code, (refused.json or {})["errors"]) == (400, {"occurred_on": [said]})
