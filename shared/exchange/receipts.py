"""Receipts as they arrive at the sender: proof that a partner has our messages, kept verbatim in our log."""

import logging
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import uuid5

from contracts.envelope import digest_text
from contracts.receipt import Answer, Receipt, answer_json
from shared.eventlog.database import Connection
from shared.eventlog.log import Record, Writing
from shared.exchange.authenticity import Authentic
from shared.exchange.keeping import take_head
from shared.exchange.outbox import PATIENCE_SECONDS
from shared.exchange.parking import park
from shared.node.node import Node
from shared.node.recording import canonical
from shared.policy.dates import TOKYO

_RANK: Final = {"waiting": 0, "refused": 1, "stored": 2}

logger = logging.getLogger("renkei.exchange.receipts")


def store_receipt(node: Node, message: Authentic, receipt: Receipt) -> None:
    """Keep a partner's receipt and note what it answers. One that tells nothing new leaves nothing behind.

    :raises psycopg.OperationalError: the database is away; nothing was stored.
    """
    with node.log.write() as writing:
        connection = writing.connection
        take_head(connection)
        digests = _sent_digests(connection, receipt)
        wrong = [each for each in receipt.answers if digests.get(each.sequence) != each.digest]
        if wrong:
            _park_mismatch(connection, receipt, wrong, message.body)
        known = _known_statuses(connection, receipt)
        news = [
            each
            for each in {each.sequence: each for each in receipt.answers if each not in wrong}.values()
            if _RANK[each.status] > _RANK.get(known.get(each.sequence, ""), -1)
        ]
        if not news:
            return
        position = writing.append([_record(node, message, receipt, news, writing)])[0].position
        _note_answers(connection, receipt, news, position)
        _note_progress(connection, receipt)


def _record(
    node: Node, message: Authentic, receipt: Receipt, news: Sequence[Answer], writing: Writing
) -> Record:
    kind = node.event_types["ReceiptReceived"]
    data = {
        "partner": receipt.sender,
        "epoch": receipt.epoch,
        "answers": [answer_json(each) for each in news],
        "head": {"position": receipt.head_position, "hash": digest_text(receipt.head_hash)},
    }
    return Record(
        f"partner:{receipt.sender}",
        uuid5(receipt.id, node.agency),
        kind.name,
        kind.version,
        None,
        receipt.sender,
        writing.head.now.astimezone(TOKYO).date(),
        "system",
        None,
        None,
        canonical(data),
        None,
        message.jws,
    )


def _sent_digests(connection: Connection, receipt: Receipt) -> Mapping[int, bytes]:
    rows = connection.execute(
        "select sequence, digest from sent where partner = %s and epoch = %s and sequence = any(%s)",
        (receipt.sender, receipt.epoch, [each.sequence for each in receipt.answers]),
    ).fetchall()
    return {sequence: bytes(digest) for sequence, digest in rows}


def _known_statuses(connection: Connection, receipt: Receipt) -> Mapping[int, str]:
    rows = connection.execute(
        "select sequence, status from receipted where partner = %s and epoch = %s and sequence = any(%s)",
        (receipt.sender, receipt.epoch, [each.sequence for each in receipt.answers]),
    ).fetchall()
    return dict(rows)


def _park_mismatch(connection: Connection, receipt: Receipt, wrong: Sequence[Answer], body: bytes) -> None:
    logger.warning("a receipt does not match what was sent", extra={"facts": {"partner": receipt.sender}})
    park(
        connection,
        "alarm",
        "receipt_mismatch",
        partner=receipt.sender,
        epoch=receipt.epoch,
        sequence=wrong[0].sequence,
        body=body,
        detail=f"{len(wrong)} 件",
    )


def _note_answers(connection: Connection, receipt: Receipt, news: Sequence[Answer], position: int) -> None:
    connection.execute(
        """
        insert into receipted (partner, epoch, sequence, status, code, field, partner_position,
        receipted_at, position) select %s, %s, told.*, %s, %s
          from unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::bigint[]) as told
        on conflict (partner, epoch, sequence) do update
           set status = excluded.status, code = excluded.code, field = excluded.field,
               partner_position = excluded.partner_position, receipted_at = excluded.receipted_at,
               position = excluded.position
        """,
        (
            receipt.sender,
            receipt.epoch,
            receipt.time,
            position,
            [each.sequence for each in news],
            [each.status for each in news],
            [each.code for each in news],
            [each.field for each in news],
            [each.position for each in news],
        ),
    )


def _note_progress(connection: Connection, receipt: Receipt) -> None:
    """Move the partner's row to the end of the run without a gap, and open its window again."""
    connection.execute(
        """
        with answered as (
            select sequence, row_number() over (order by sequence) as rank, receipted_through
              from receipted join partners using (partner)
             where partner = %(partner)s and epoch = %(epoch)s and sequence > receipted_through
        ), progress as (
            select coalesce(max(sequence), 0) as through from answered where sequence = receipted_through
            + rank
        )
        update partners
           set receipted_through = progress.through,
               sent_through = case when attempts > 0 then greatest(sent_through, progress.through)
                                   else sent_through end,
               attempts = 0,
               problem = null,
               next_attempt = clock_timestamp() + make_interval(secs => %(patience)s)
          from progress
         where partner = %(partner)s and outgoing_epoch = %(epoch)s and progress.through > receipted_through
        """,
        {"partner": receipt.sender, "epoch": receipt.epoch, "patience": PATIENCE_SECONDS},
    )
    connection.execute("select pg_notify('renkei_delivery', '')")
