"""From node to node: how soon a committed command is receipted, how many a second, and what memory that takes."""

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from deploy.bench.figures import Figure, Tell, percentile
from deploy.bench.ground import Ground
from deploy.bench.town import Town, town

CASES: Final = 20
_TIMES: Final = """
    select event.recorded_at, receipt.recorded_at
      from deliveries join events as event using (position)
      join receipted using (partner, epoch, sequence) join events as receipt on receipt.position = receipted.position
     where event.position > %s order by event.position
"""


def exchange_figures(ground: Ground, singles: int, many: int, tell: Tell) -> list[Figure]:
    """``singles`` commands at one a second, then ``many`` as fast as they are decided, then the processes' memory.

    Times are the office's own: when it recorded the event, and when it recorded the centre's signed receipt.
    """
    with town(ground, tell) as made:
        made.open_cases(CASES)
        calm = _calmly(made, singles, tell)
        tell(f"交換: {many:,}件を続けて記録しています")
        hurried = _hurriedly(made, many)
        memory = made.memory()
    waits = [(receipted - recorded).total_seconds() for recorded, receipted in calm]
    seconds = (max(receipted for _, receipted in hurried) - hurried[0][0]).total_seconds()
    return [
        Figure("delivery_p50", "記録から相手の到達確認まで（毎秒1件）中央値", "秒", percentile(waits, 0.50)),
        Figure(
            "delivery_p95",
            "記録から相手の到達確認まで（毎秒1件）p95",
            "秒",
            percentile(waits, 0.95),
            target=0.25,
            at_most=True,
        ),
        Figure(
            "delivery_rate",
            "2ノード間で続けて記録し届ける出来事",
            "件/秒",
            len(hurried) / seconds,
            target=300,
        ),
        *(
            Figure(f"memory_{name}", f"常駐メモリ: {name}", "MB", size, target=130, at_most=True)
            for name, size in memory.items()
        ),
    ]


def _calmly(made: Town, number: int, tell: Tell) -> Sequence[tuple[datetime, datetime]]:
    after = made.office.log.head().position
    for each in range(number):
        tell(f"交換: 毎秒1件 {each + 1}/{number}")
        made.command(each)
        time.sleep(1)
    made.await_receipts()
    return _times(made, after)


def _hurriedly(made: Town, number: int) -> Sequence[tuple[datetime, datetime]]:
    after = made.office.log.head().position
    for each in range(number):
        made.command(each)
    made.await_receipts()
    return _times(made, after)


def _times(made: Town, after: int) -> Sequence[tuple[datetime, datetime]]:
    with made.office.database.connection() as connection:
        return [
            (recorded, receipted) for recorded, receipted in connection.execute(_TIMES, (after,)).fetchall()
        ]
