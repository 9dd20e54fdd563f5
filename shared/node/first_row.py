"""The first row of a log: whose it is, and whether it is for training. A node refuses a log that is not its own."""

import json
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from shared.eventlog.log import EventLog
from shared.eventlog.model import NewEvent
from shared.node.config import ConfigurationError, NodeConfig
from shared.node.recording import Cause, Recorder
from shared.policy.dates import TOKYO


def write_first_row(
    log: EventLog, recorder: Recorder, config: NodeConfig, role: str, training_now: datetime | None
) -> None:
    """Begin an empty log, in one transaction; a log that has begun stays as it is.

    ``training_now`` sets the clock of a training log; production logs follow the machine's clock.
    """
    opened = NewEvent(
        "LogOpened",
        {"agency": config.agency, "role": role, "training": config.training, "format": 1},
        stream="node",
    )
    cause_id = uuid5(NAMESPACE_URL, f"urn:renkei:log:{config.agency}")
    with log.write() as writing:
        if writing.head.position > 0:
            return
        now = writing.head.now
        if config.training:
            now = training_now or now
            writing.connection.execute("select open_training_log(%s)", (now,))
        day = now.astimezone(TOKYO).date()
        writing.append(recorder.records([opened], Cause(cause_id, cause_id, "system", day)))


def check_first_row(log: EventLog, config: NodeConfig) -> None:
    """Refuse a log that this configuration must not touch.

    :raises ConfigurationError: the log has not begun, belongs to another agency, or is a training log under a
        production configuration, or the other way round.
    """
    rows = log.page(0, limit=1)
    if not rows:
        raise ConfigurationError(
            "このデータベースのログはまだ始まっていません。先にノードを一度起動してください"
        )
    first = json.loads(rows[0].data)
    if first["agency"] != config.agency:
        raise ConfigurationError(f"このデータベースは {first['agency']} のものです。設定を確認してください")
    if first["training"] and not config.training:
        raise ConfigurationError(
            "研修モードのログは本番の設定では使えません。本番用の空のデータベースを用意してください"
        )
    if config.training and not first["training"]:
        raise ConfigurationError(
            "本番のログは研修モードでは使えません。研修用の空のデータベースを用意してください"
        )
