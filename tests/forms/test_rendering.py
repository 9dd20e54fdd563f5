"""Making a PDF of fields: safe for any text, the same for the same fields, loaded only where it is used."""

import subprocess
import sys
from datetime import date

import pytest

from contracts.events.sample import CENTRE
from shared.forms.catalogue import AGENCY_FORMS, FORMS
from shared.forms.matter import Matter
from shared.forms.rendering import TEMPLATES, CannotTypeset, pdf
from tests.care.stage import desk, made, model, opened, signed_by_both
from tests.forms.reading import fields_of, made_pdf, matter_of, only, plain, sheets, text_of


@pytest.fixture
def matter() -> Matter:
    prepared = made("NotificationPrepared", CENTRE, date(2024, 10, 10))
    return matter_of(desk(CENTRE, *model(), opened(), *signed_by_both(), prepared))


def test_the_same_fields_give_the_same_bytes_and_others_do_not(matter: Matter) -> None:
    printout = only(matter, "notification", dated=date(2024, 10, 10))
    content = made_pdf(matter, printout)
    assert made_pdf(matter, printout) == content
    assert content.startswith(b"%PDF-")
    assert content.rstrip().endswith(b"%%EOF")
    fields = fields_of(matter, printout)
    assert pdf("notification", {**fields, "reason": "ほかの理由"}) != content


@pytest.mark.parametrize(
    "written",
    [
        '#read("/etc/passwd") *太字* _斜体_ $x^2$ <見出し> @参照 \\ "引用" // 注釈 [括弧] {波}',
        '#import "@preview/x:1.0.0"',
        "<script>alert(1)</script> {{ 7 * 7 }} %s \\u{41}",
    ],
)
def test_a_text_is_never_taken_for_markup(matter: Matter, written: str) -> None:
    fields = fields_of(matter, only(matter, "notification", of="new"))
    assert plain(written) in text_of(pdf("notification", {**fields, "reason": written}))


def test_line_ends_stay_and_what_can_t_be_printed_goes(matter: Matter) -> None:
    fields = fields_of(matter, only(matter, "notification", of="new"))
    odd = "一行目\r\n二行目\x00\x1b[31m\u202e終わり\ud800😀"
    content = pdf("notification", {**fields, "reason": odd})
    assert "一行目二行目[31m終わり?" in text_of(content)


def test_a_training_log_s_form_says_so_on_every_sheet(matter: Matter) -> None:
    printout = only(matter, "notification", of="new")
    fields = {**fields_of(matter, printout), "reason": "理由。" * 1500}
    told = sheets(pdf("notification", fields, training=True))
    assert len(told) > 1
    assert all("研修用（提出できません）" in each for each in told)
    assert "研修用" not in text_of(pdf("notification", fields))


def test_each_form_has_a_template_and_each_template_a_form() -> None:
    files = {each.stem for each in TEMPLATES.glob("*.typ")} - {"paper", "review_contents"}
    assert files == {each.template for each in (*FORMS.values(), *AGENCY_FORMS.values())}


@pytest.mark.parametrize("module", ["deploy.messaging", "deploy.web", "shared.console.app"])
def test_no_process_of_a_node_loads_the_typesetter(module: str) -> None:
    asked = f"import sys, {module}; print('typst' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"


def test_a_form_is_typeset_beside_the_process_that_asks_and_its_memory_goes_with_it(matter: Matter) -> None:
    assert made_pdf(matter, only(matter, "notification", of="new")).startswith(b"%PDF-")
    assert "typst" not in sys.modules


def test_what_the_typesetter_can_t_make_is_an_error_in_its_words() -> None:
    with pytest.raises(CannotTypeset, match="no_such_form"):
        pdf("no_such_form", {})


def test_the_messaging_process_never_has_the_forms_at_all() -> None:
    asked = "import sys, deploy.messaging; print([each for each in sys.modules if 'shared.forms' in each])"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
