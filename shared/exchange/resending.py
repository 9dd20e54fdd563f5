"""Requests to send again, as they arrive at the sender."""

import logging

from contracts.receipt import ResendRequest
from shared.exchange.keeping import take_head
from shared.node.node import Node

logger = logging.getLogger("renkei.exchange.resending")


def send_again(node: Node, request: ResendRequest) -> None:
    """Have the relay publish again what follows the last message that the partner has.

    A request about an earlier epoch means that the partner has nothing of the current one. A request
    replayed by somebody else only repeats what the partner has already.
    """
    with node.log.write() as writing:
        take_head(writing.connection)
        writing.connection.execute(
            """
            update partners
               set sent_through = wanted.after, attempts = 0, problem = null, next_attempt = '-infinity',
                   resends = resends + 1
              from (select outgoing_epoch as epoch,
                           case when outgoing_epoch = %(epoch)s then %(after)s else 0 end as after
                      from partners where partner = %(partner)s) as wanted
             where partner = %(partner)s and %(epoch)s <= outgoing_epoch and wanted.after < sent_through
            """,
            {"partner": request.sender, "epoch": request.epoch, "after": request.after},
        )
        writing.connection.execute("select pg_notify('renkei_delivery', '')")
    facts = {"partner": request.sender, "epoch": request.epoch, "after": request.after}
    logger.info("a partner asks for what follows its last message", extra={"facts": facts})
