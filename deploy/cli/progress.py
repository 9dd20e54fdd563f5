"""How far a long command is: a bar on the error output, and only where that is a terminal."""

import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

One = TypeVar("One")


def along(title: str, items: Sequence[One], size: Callable[[One], int] = lambda each: 1) -> Iterator[One]:
    """The items one by one, with a bar that grows as each is done and is gone at the end.

    Files, pipes and scheduled runs see nothing of it: what the command says stays the same to the byte.

    :param size: tells of how many persons an item is.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(title, total=sum(map(size, items)))
        for each in items:
            yield each
            bar.advance(task, size(each))
