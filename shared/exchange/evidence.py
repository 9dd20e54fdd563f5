"""Checking a node's log as evidence: hash chain, partners' signatures, commitments to personal fields,
own messages."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.disclosure import DisclosureMismatch, reveal
from contracts.envelope import digest_text
from shared.eventlog.chain import Finding, verify_chain
from shared.eventlog.log import Row, event_of
from shared.eventlog.personal import PersonDamaged, PersonErased
from shared.exchange import jose
from shared.exchange.directory import Directory, NotListed, NotValid, evolve_directory
from shared.node.node import Node
from shared.node.recording import canonical


@dataclass
class Evidence:
    """What was checked, and what does not hold."""

    rows: int = 0
    signatures: int = 0
    commitments: int = 0
    erased: int = 0
    sent: int = 0
    files: int = 0
    findings: list[Finding] = field(default_factory=list)


def verify_node(node: Node, progress: Callable[[int, int], None] = lambda done, total: None) -> Evidence:
    """Check everything that a node can prove, in one reading of its log.

    A partner's signature is judged by the directory as this node knew it at that place in its log.
    """
    evidence = Evidence()
    directory = Directory.trusting(node.config.trust)
    insurers: dict[UUID, str] = {}
    end = node.log.head().position

    def seen(row: Row) -> None:
        nonlocal directory
        evidence.rows += 1
        if row.stream == "agency" or row.stream.startswith("directory:"):
            directory = evolve_directory(directory, event_of(row))
        if row.type == "CaseOpened" and row.case_id is not None:
            insurers.setdefault(row.case_id, json.loads(row.data)["insurer"])
        if row.origin is not None:
            evidence.signatures += 1
            insurer = insurers.get(row.case_id) if row.case_id else None
            evidence.findings.extend(_origin_findings(row, row.origin, directory, insurer))
        if row.personal is not None and row.case_id is not None:
            evidence.findings.extend(_commitment_findings(node, row, row.case_id, evidence))
        if row.type == "DocumentAttached" and row.case_id is not None:
            evidence.findings.extend(_file_findings(node, row, row.case_id, evidence))
        progress(row.position, end)

    evidence.findings.extend(verify_chain(node.log, seen))
    evidence.findings.extend(_sent_findings(node, evidence))
    evidence.findings.extend(node.access.verify())
    evidence.findings.sort(key=lambda each: each.position)
    return evidence


def _origin_findings(row: Row, origin: str, directory: Directory, insurer: str | None) -> Iterator[Finding]:
    try:
        claims = jose.peek(origin)
        sender = str(claims.payload["sender"])
        moment = datetime.fromisoformat(claims.payload["time"])
        key = directory.anchor(sender, claims.kid)
        if key is None or directory.of(sender):
            key = directory.signing_key(sender, claims.kid, moment, insurer)
        jose.verify(origin, key)
    except (jose.Unreadable, jose.Forged, NotListed, NotValid, KeyError, ValueError):
        yield Finding(row.position, "相手の署名を確かめられません")
        return
    if claims.typ == jose.EVENT and not _matches(row, claims.payload):
        yield Finding(row.position, "署名された内容と行の内容が一致しません")


def _matches(row: Row, payload: Mapping[str, Any]) -> bool:
    return (
        payload["id"] == str(row.id)
        and payload["sender"] == row.sender
        and payload["type"] == f"jp.renkei.{row.type}.v{row.schema_version}"
        and payload.get("case") == (str(row.case_id) if row.case_id else None)
        and payload["occurredon"] == row.occurred_on.isoformat()
        and canonical(payload["data"]) == row.data
    )


def _commitment_findings(node: Node, row: Row, case_id: UUID, evidence: Evidence) -> Iterator[Finding]:
    assert row.personal is not None
    try:
        disclosures = node.keys.open(case_id, row.id, row.personal)
    except PersonDamaged:  # the person's key itself was altered
        disclosures = None
    if disclosures is None:
        if case_id in node.keys.destroyed([case_id]):
            evidence.erased += 1
        else:
            yield Finding(row.position, "個人情報を復号できません")
        return
    try:
        reveal(json.loads(row.data), disclosures, erased=row.origin is not None)
        evidence.commitments += 1
    except DisclosureMismatch:
        yield Finding(row.position, "個人情報が署名された要約値と一致しません")


def _file_findings(node: Node, row: Row, case_id: UUID, evidence: Evidence) -> Iterator[Finding]:
    """The content of an attached file against the hash that its event states; a partner's need not be here."""
    try:
        content = node.files.content(case_id, bytes.fromhex(json.loads(row.data)["digest"]))
    except PersonErased:
        return
    except PersonDamaged:
        yield Finding(row.position, "添付ファイルの内容が、記録されたハッシュと一致しません")
        return
    evidence.files += content is not None
    if content is None and row.sender == node.agency:
        yield Finding(row.position, "添付ファイルの内容がありません")


def _sent_findings(node: Node, evidence: Evidence) -> Iterator[Finding]:
    """Every message we signed: its digest, its link to the one before, our signature, the event it
    carries."""
    own = {key.kid: key for key in node.agency_keys.signing}
    previous: dict[tuple[str, int], bytes] = {}
    query = (
        "select s.partner, s.epoch, s.sequence, s.jws, s.kid, s.digest, d.position, e.data from sent s"
        " join deliveries d using (partner, epoch, sequence) join events e on e.position = d.position"
        " order by s.partner, s.epoch, s.sequence"
    )
    with node.database.connection() as connection:
        for partner, epoch, _sequence, token, kid, digest, position, data in connection.execute(query):
            evidence.sent += 1
            if jose.digest(token) != digest or kid not in own:
                yield Finding(position, f"{partner}への送信記録が書き換えられています")
                continue
            try:
                jose.verify(token, own[kid])
                payload = jose.peek(token).payload
            except (jose.Forged, jose.Unreadable):
                yield Finding(position, f"{partner}への送信記録の署名を確かめられません")
                continue
            linked = previous.get((partner, epoch))
            if canonical(payload["data"]) != data or not _linked(payload, linked):
                yield Finding(position, f"{partner}への送信記録が前後の記録と一致しません")
            previous[(partner, epoch)] = digest


def _linked(payload: Mapping[str, Any], previous: bytes | None) -> bool:
    return previous is None or payload.get("previousdigest") == digest_text(previous)
