"""``./renkei form``: an official form of a case as a PDF file."""

import argparse
import os
from pathlib import Path
from typing import Final
from uuid import UUID

from deploy.cli.at_node import add_node, case_of, node_of
from deploy.local.errors import CannotRun
from shared.console.printouts import (
    Listed,
    agency_found,
    agency_listed,
    agency_printed,
    listed,
    matter_of,
    printed,
    refuse_erased,
)
from shared.console.wareki import wareki
from shared.forms.catalogue import AGENCY_FORMS, FORMS
from shared.forms.form import Printout
from shared.node.errors import Refused, UnknownCase
from shared.node.node import Node
from shared.policy.unreadable import why

DESCRIPTION: Final = """\
あるケースの様式を、記録から PDF にします。記録にない項目は空欄のままで、手書きします。
同じ記録からは、いつも同じ PDF ができます。閲覧は閲覧記録に残ります。出力したファイルは本人だけが読めます。

例:
  ./renkei form --list                                    # 様式の名前
  ./renkei form --list --node office --case 600c          # このケースで印刷できるもの
  ./renkei form --list --node billing                     # 事業所の様式（委託料の明細書など）で印刷できるもの
  ./renkei form notification --node office --case 600c --output todokede.pdf
  ./renkei form notification --node centre --case 600c --of new --output todokede.pdf
  ./renkei form settlement --node billing --output meisai.pdf

終了ステータス: 0 出力した、1 このケースにその様式で印刷するものがない、2 使い方の誤り"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command to ``argparse``."""
    parser = subparsers.add_parser(
        "form", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "name", nargs="?", choices=[*FORMS, *AGENCY_FORMS], metavar="NAME", help="様式の名前（--list で一覧）"
    )
    add_node(parser, required=False)
    parser.add_argument("--case", metavar="ID", help="ケースの番号、またはその先頭")
    parser.add_argument("--of", metavar="OF", help="同じ様式のうちのどれか（省くと最も新しいもの）")
    parser.add_argument("--output", type=Path, metavar="FILE", help="PDF を書くファイル")
    parser.add_argument("--list", action="store_true", help="様式の一覧を示す")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; returns its exit status."""
    if arguments.list and not arguments.node:
        of_cases = [f"{name}  {form.title}" for name, form in FORMS.items()]
        of_agency = [f"{name}  {form.title}（事業所）" for name, form in AGENCY_FORMS.items()]
        print("\n".join([*of_cases, *of_agency]))
        return 0
    of_an_agency = arguments.name in AGENCY_FORMS
    whole = arguments.list or (arguments.name and arguments.output and (of_an_agency or arguments.case))
    if not (arguments.node and whole):
        raise CannotRun("NAME、--node、--case、--output を指定してください。一覧は --list です")
    with node_of(arguments.node) as node:
        if arguments.list:
            return _list(node, arguments)
        found = _of_agency(node, arguments) if of_an_agency else _of_case(node, arguments)
        if found is None:
            print(f"様式 {arguments.name} で印刷するものはありません。--list で確かめてください")
            return 1
        _write_privately(arguments.output, found[1])
        print(f"{_named(found[0])}を {arguments.output} に書きました")
        if arguments.of is None:
            _tell_others(node, arguments, found[0])
        return 0


def _list(node: Node, arguments: argparse.Namespace) -> int:
    case_id = case_of(node, arguments.case) if arguments.case else None
    node.access.record("command-line", case_id, "forms", "様式の一覧（コマンド）")
    found = _listed(node, case_id)
    if not found:
        print("印刷できる様式はまだありません（--case を付けると、そのケースの様式の一覧です）")
    for each in found:
        one = each.printout
        print(f"{one.form}  {one.of}  {one.title}{'  ' + wareki(one.dated) if one.dated else ''}")
    return 0


def _listed(node: Node, case_id: UUID | None) -> list[Listed]:
    """What can be printed of a case, or of the agency's own dealings.

    :raises CannotRun: the person was erased here.
    """
    if case_id is None:
        return agency_listed(node)
    try:
        refuse_erased(node, case_id)
        return listed(matter_of(node, case_id))
    except (UnknownCase, Refused) as problem:
        raise CannotRun(str(problem)) from problem


def _named(one: Printout) -> str:
    return f"{one.title}{f'（{wareki(one.dated)}）' if one.dated else ''}"


def _tell_others(node: Node, arguments: argparse.Namespace, chosen: Printout) -> None:
    """Of the same form there may be several: which was taken, and how to choose another one."""
    case_id = None if arguments.name in AGENCY_FORMS else case_of(node, arguments.case)
    others = [each.printout for each in _listed(node, case_id) if each.printout.form == arguments.name]
    others = [each for each in others if each.of != chosen.of]
    if not others:
        return
    print(f"この様式はほかに{len(others)}件あります。--of で選べます（--of を省くと、いちばん後のもの）:")
    for each in others:
        print(f"  --of {each.of}  {_named(each)}")


def _of_case(node: Node, arguments: argparse.Namespace) -> tuple[Printout, bytes] | None:
    case_id = case_of(node, arguments.case)
    node.access.record("command-line", case_id, "form", "様式の印刷（コマンド）")
    try:
        return printed(node, matter_of(node, case_id), arguments.name, arguments.of)
    except (UnknownCase, Refused) as problem:
        raise CannotRun(str(problem)) from problem


def _of_agency(node: Node, arguments: argparse.Namespace) -> tuple[Printout, bytes] | None:
    found = agency_found(node, arguments.name, arguments.of)
    node.access.record("command-line", None, "form", "事業所の様式の印刷（コマンド）")
    if found is None:
        return None
    cases = [UUID(each) for each in found.cases]
    node.access.record_each("command-line", cases, "form", "事業所の様式の印刷（コマンド）")
    return found, agency_printed(node, found)


def _write_privately(path: Path, content: bytes) -> None:
    """A new file that only its owner can read; one that is there already is not replaced.

    :raises CannotRun: it is there, or can't be written.
    """
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
    except OSError as problem:
        raise CannotRun(f"{path} に書けません: {why(problem)}") from problem
