"""Attaching a file (添付) to a document of the ledger: what it may be, and who hears of it (T-35)."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any, Final

from marshmallow import Schema

from contracts.codes import DOCUMENTS, FILE_KINDS
from contracts.definition import personal
from contracts.events.documents import FILE_HOLDERS, MOST_FILE_BYTES
from contracts.fields import Code, Count, Day, Month, Text
from shared.care.documents import Document
from shared.eventlog.model import NewEvent
from shared.node.errors import Refused
from shared.node.service import Command, Decision, Situation
from shared.policy.dates import day_text, month_text

_UNWANTED: Final = re.compile(r'[\x00-\x1f\x7f"\u200e\u200f\u202a-\u202e\u2066-\u2069]')
"""Control characters and those that turn the writing direction: they can make a name look like another."""
_TAIL: Final = 2048


class AttachDocument(Schema):
    document = Code("書類", DOCUMENTS)
    dated = Day("書類の日付", null=True, load_default=None)
    month = Month("対象月", null=True, load_default=None)
    version = Count("版", least=1, null=True, load_default=None)
    file_name = personal(
        Text("ファイル名", null=True, load_default=None, help="空にすると、選んだファイルの名前を使います")
    )


def attach_document(situation: Situation, command: Command) -> Decision:
    """Attach a PDF or an image to a document that this agency holds; the event states its hash and size.

    The parties of the case that hold the document, as the original or a copy, hear of it.

    :raises Refused: no such document here, or not a whole PDF, PNG or JPEG of 20 MiB at most.
    """
    if not any(each.held_by(situation.me) for each in situation.case.documents):
        raise Refused(
            "document_missing",
            "この事業所が原本か写しを持つ書類がまだありません",
            rule="T-35",
            todo="書類を作成した記録か、受け取った記録を先にしてください",
        )
    about = _document(situation, command.fields)
    content = _sent(command.content)
    kind = file_kind(content)
    digest = hashlib.sha256(content).hexdigest()
    if any(each.digest == digest for each in about.attachments):
        raise Refused(
            "file_known",
            "同じ内容のファイルが、この書類にすでに添付されています",
            field="file",
            todo="書類台帳で添付済みのファイルを確かめてください",
        )
    data = {
        "agency": situation.me,
        "attached_on": command.occurred_on,
        "document": about.kind,
        "dated": about.made_on,
        "month": about.month,
        "document_number": about.number,
        "version": about.version,
        "file_kind": kind,
        "size": len(content),
        "digest": digest,
        "file_name": _plain_name(command.fields["file_name"], kind),
    }
    to = _other_holders(situation, about)
    return Decision([NewEvent("DocumentAttached", data, case_id=command.case_id, to=to)])


def file_kind(content: bytes) -> str:
    """What a content is, by its bytes: its name says nothing.

    :raises Refused: neither PDF nor PNG nor JPEG, or its end is missing.
    """
    if content.startswith(b"%PDF-"):
        kind, whole = "pdf", b"%%EOF" in content[-_TAIL:]
    elif content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR":
        kind, whole = "png", b"IEND" in content[-_TAIL:]
    elif content.startswith(b"\xff\xd8\xff"):  # cameras write more behind the picture's end
        kind, whole = "jpeg", b"\xff\xd9" in content[3:]
    else:
        raise Refused(
            "file_kind_not_accepted",
            "ファイルの内容が PDF・PNG・JPEG のどれでもありません。名前（拡張子）ではなく内容で判定しています",
            field="file",
            todo="PDF か画像（PNG・JPEG）に変換してから、もう一度添付してください",
        )
    if not whole:
        raise Refused(
            "file_incomplete",
            f"{FILE_KINDS[kind]}のファイルの終わりがありません。途中で切れています",
            field="file",
            todo="ファイルが開けることを確かめ、スキャンや保存をやり直してください",
        )
    return kind


def _document(situation: Situation, fields: Mapping[str, Any]) -> Document:
    """The document that is meant, of those that are here: of several alike the one that became known last."""
    of_kind = [
        each
        for each in situation.case.documents
        if each.kind == fields["document"] and each.held_by(situation.me)
    ]
    asked = {"made_on": fields["dated"], "month": fields["month"], "version": fields["version"]}
    named = {name: value for name, value in asked.items() if value is not None}
    found = [each for each in of_kind if all(getattr(each, name) == value for name, value in named.items())]
    title = DOCUMENTS[fields["document"]]
    if not found:
        raise Refused(
            "document_missing",
            f"{title}のうち、指定した日付・対象月・版のものは、この事業所に原本も写しもありません",
            field="document",
            rule="T-35",
            todo="書類台帳で日付と版を確かめてください",
        )
    if len(found) > 1 and not named:
        days = "、".join(
            sorted({month_text(each.month) if each.month else day_text(each.made_on) for each in found})
        )
        raise Refused(
            "document_ambiguous",
            f"{title}が{len(found)}件あります（{days}）",
            field="dated",
            todo="書類の日付か対象月を指定してください。書類台帳の「添付する」から開くと、書類が選ばれています",
        )
    return found[-1]


def _sent(content: bytes | None) -> bytes:
    if not content:
        raise Refused(
            "file_missing",
            "ファイルが選ばれていないか、空です",
            field="file",
            todo="PDF か画像（PNG・JPEG）を選んでください。API では multipart/form-data の file で送ってください",
        )
    if len(content) > MOST_FILE_BYTES:
        raise too_large()
    return content


def too_large() -> Refused:
    """What is said of a file that is larger than files may be."""
    return Refused(
        "file_too_large",
        f"ファイルが大きすぎます。1件の上限は {MOST_FILE_BYTES // 1024**2} MiB です",
        field="file",
        todo="解像度を下げてスキャンし直すか、書類を分けて添付してください",
    )


def _plain_name(name: str | None, kind: str) -> str:
    """A file's name without folders and unwanted characters, ending as its content is."""
    plain = _UNWANTED.sub("", re.split(r"[/\\]", name or "")[-1]).strip(" .") or "ファイル"
    stem, _, ending = plain.rpartition(".")
    endings = {"pdf": ("pdf",), "png": ("png",), "jpeg": ("jpg", "jpeg")}[kind]
    return plain if stem and ending.lower() in endings else f"{plain[:190]}.{endings[0]}"


def _other_holders(situation: Situation, about: Document) -> tuple[str, ...]:
    holders = dict.fromkeys((about.original_at, *(each.holder for each in about.copies)))
    parties = situation.case.parties
    return tuple(each for each in holders if each != situation.me and parties.get(each) in FILE_HOLDERS)
