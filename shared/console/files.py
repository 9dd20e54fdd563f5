"""Files of documents on the console and in the API: what came with a request, what is here, and handing one out."""

from dataclasses import dataclass
from io import BytesIO
from typing import IO, Final
from urllib.parse import quote
from uuid import UUID

from flask import Request, Response, abort, g, request
from werkzeug.datastructures import FileStorage

from contracts.events.documents import MOST_FILE_BYTES
from contracts.file import REFUSALS
from shared.care.attaching import too_large
from shared.care.documents import Attachment
from shared.console.frame import account, node
from shared.console.problems import NotAllowed
from shared.eventlog.arriving import DIFFERS, Progress
from shared.eventlog.model import UNREADABLE
from shared.eventlog.personal import PersonDamaged, PersonErased
from shared.node.errors import Refused
from shared.node.node import Node

_ROOM_FOR_FIELDS: Final = 1024 * 1024
MOST_REQUEST_BYTES: Final = MOST_FILE_BYTES + _ROOM_FOR_FIELDS
MEDIA_TYPES: Final = {"pdf": "application/pdf", "png": "image/png", "jpeg": "image/jpeg"}


class InMemoryRequest(Request):
    """A request whose files stay in memory: werkzeug would write larger ones to disk in the clear."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return BytesIO()


def make_room_for_file() -> None:
    """Let who is signed in, or was until now, send a file with a command that takes one; everything else stays small.

    :raises Refused: it is larger than files may be; nothing of it is read.
    """
    spec = node().service.commands.get(str((request.view_args or {}).get("name", "")))
    if spec is None or not spec.takes_file or request.method != "POST":
        return
    if g.session is None and not g.known:
        return
    if (request.content_length or 0) > MOST_REQUEST_BYTES:
        raise too_large()
    request.max_content_length = MOST_REQUEST_BYTES


def sent_file() -> tuple[bytes | None, str | None]:
    """Content and name of the file that came with the request; ``None`` where there is none."""
    found: FileStorage | None = request.files.get("file")
    if found is None or not found.filename:
        return None, None
    return found.stream.read(), found.filename[-200:]


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file of a document: its name as far as it can be read, whether its content is here or on its way."""

    file: Attachment
    name: str
    here: bool
    arriving: Progress | None = None


def named_files(at: Node, case_id: UUID) -> dict[UUID, NamedFile]:
    """Every file of a case by the event that told of it.

    :raises UnknownCase: the node knows nothing of the case.
    """
    replay, held, arriving = at.replay(case_id), at.files.held(case_id), at.arriving.progress(case_id)
    names = {
        each.id: str((each.personal or {}).get("file_name", ""))
        for each in replay.events
        if each.type == "DocumentAttached"
    }
    return {
        file.event: NamedFile(file, names.get(file.event, ""), file.digest in held, arriving.get(file.digest))
        for each in replay.case.documents
        for file in each.attachments
    }


def want_file(at: Node, case_id: UUID, digest: str) -> None:
    """Have the content of a file sent by the agency that attached it, until it is here.

    :raises Refused: the person was erased. :raises UnknownCase: the node knows nothing of the case.
    """
    if account().role == "auditor":
        raise NotAllowed("role_not_allowed", "ファイルの内容を取り寄せる権限がありません。")
    found = next((each for each in named_files(at, case_id).values() if each.file.digest == digest), None)
    if found is None:
        abort(404)
    if case_id in at.keys.destroyed([case_id]):
        raise _erased()
    if not found.here and found.file.agency != at.agency:
        at.arriving.want(case_id, bytes.fromhex(digest), found.file.agency, found.file.size)


def arrival(found: NamedFile) -> str:
    """How the arrival of a wanted content stands, for people; empty when nobody wants it."""
    if found.arriving is None:
        return ""
    here, whole, code = found.arriving
    if code is None:
        return f"取り寄せ中（{here}/{whole}）"
    return {**REFUSALS, DIFFERS: "届いた内容が、記録されたハッシュと一致しません"}.get(
        code, "相手が断りました"
    )


def file_size(size: int) -> str:
    """A size for people, in KiB or MiB."""
    return f"{size / 1024**2:.1f} MiB" if size >= 1024**2 else f"{-(-size // 1024)} KiB"


def handed_out(at: Node, case_id: UUID, digest: str) -> Response:
    """A file's content, to be saved: never shown inside a page of ours, whatever it holds.

    :raises Refused: its content is not here, was erased, or is damaged.
    :raises UnknownCase: the node knows nothing of the case.
    """
    found = next((each for each in named_files(at, case_id).values() if each.file.digest == digest), None)
    if found is None:
        abort(404)
    response = Response(_content(at, case_id, found), mimetype=MEDIA_TYPES[found.file.kind])
    name = f"file.{found.file.kind}" if found.name in UNREADABLE else found.name
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return response


def _erased() -> Refused:
    return Refused(
        "person_erased",
        "このケースの個人情報はこの事業所では消去されています。ファイルは読めません",
        todo="ハッシュと大きさの記録だけが残っています",
    )


def _content(at: Node, case_id: UUID, found: NamedFile) -> bytes:
    try:
        content = at.files.content(case_id, bytes.fromhex(found.file.digest))
    except PersonErased as problem:
        raise _erased() from problem
    except PersonDamaged as problem:
        raise Refused(
            "file_damaged",
            "ファイルの内容が破損しています。記録されたハッシュと一致しないため、渡せません",
            todo="管理者に連絡し、./renkei verify で確かめ、データベースの控えから戻してください",
        ) from problem
    if content is None:
        raise Refused(
            "file_not_here",
            "ファイルの内容は、添付した事業所にあり、このノードにはありません",
            todo="書類台帳で「取り寄せる」を選び、届いてからもう一度開いてください",
        )
    return content
