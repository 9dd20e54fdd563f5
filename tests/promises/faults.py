"""What can go wrong around one command, each at an exact place.

A fault gets the scene, the step (see :mod:`tests.promises.plays`) and the way to give its command, and returns the
command's answer. The command is given in a thread of its own where something is to be broken while it is under way;
processes and servers are started in the main thread, because they end with the thread that started them.
"""

import random
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol

from deploy.play.target import Answer
from tests.promises.ground import Scene, until

Give = Callable[[], Answer]


@dataclass(frozen=True)
class Step:
    """One command of the play as it went without faults: where it was given, which events it brought about.

    ``reached`` maps each partner's node to those of the events that were sent to it at once.
    """

    number: int
    node: str
    command: str
    events: tuple[str, ...] = ()
    reached: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Fault(Protocol):
    """Something that goes wrong around a step."""

    def around(self, scene: Scene, step: Step, give: Give) -> Answer: ...


def await_append(scene: Scene, step: Step, answer: "Future[Answer]") -> None:
    """Until the command is about to be appended to a log that is held."""
    until(lambda: answer.done() or scene.writers(step.node) > 0, f"{step.node} is about to append")
    assert not answer.done(), f"answered although the log is held: {answer.exception() or answer.result()}"


# --- at a seeded moment ---


@dataclass(frozen=True)
class KilledBefore:
    """Processes of a node are killed before the command is given."""

    node: str
    parts: tuple[str, ...]

    def around(self, scene: Scene, step: Step, give: Give) -> Answer:
        scene.kill(self.node, *self.parts)
        return give()


@dataclass(frozen=True)
class KilledDuring:
    """Processes of a node are killed so many milliseconds after the command was sent."""

    node: str
    parts: tuple[str, ...]
    milliseconds: int

    def around(self, scene: Scene, step: Step, give: Give) -> Answer:
        with ThreadPoolExecutor(max_workers=1) as thread:
            answer = thread.submit(give)
            time.sleep(self.milliseconds / 1000)
            scene.kill(self.node, *self.parts)
        return answer.result()


@dataclass(frozen=True)
class KilledWhileDraining:
    """Processes of a node are killed so many milliseconds after the command was answered, while its events travel."""

    node: str
    parts: tuple[str, ...]
    milliseconds: int

    def around(self, scene: Scene, step: Step, give: Give) -> Answer:
        answer = give()
        time.sleep(self.milliseconds / 1000)
        scene.kill(self.node, *self.parts)
        return answer


# --- at an exact place of the sender's work ---


@dataclass(frozen=True)
class KilledBeforeCommit:
    """The web process is killed when it has decided and is about to append."""

    def around(self, scene: Scene, step: Step, give: Give) -> Answer:
        scene.target.settle()  # so that the one who waits for the log is the web process
        with ThreadPoolExecutor(max_workers=1) as thread:
            with scene.held_log(step.node):
                answer = thread.submit(give)
                await_append(scene, step, answer)
                scene.kill(step.node, "web")
            return answer.result()


@dataclass(frozen=True)
class AnswerLost:
    """The web process is killed after the commit; the command is sent again, and its first result comes back."""

    def around(self, scene: Scene, step: Step, give: Give) -> Answer:
        first = give()
        scene.kill(step.node, "web")
        again = give()
        assert again == first, "a repeated command came to another result"
        return again


@dataclass(frozen=True)
class KilledBetweenCommitAndPublish:
    """The node is killed when the command's events are committed and none of them was published."""

    def around(self, scene: Scene, step: Step, give: Give) -> Answer:
        scene.end(step.node, "messaging")
        answer = give()
        assert scene.knows(step.node, step.events)
        assert published(scene, step) == 0, "published although the messaging process was dead"
        scene.kill(step.node, "web")
        scene.start(step.node, "messaging")
        return answer


@dataclass(frozen=True)
class KilledBetweenPublishAndConfirm:
    """The sender's messaging process is killed when a partner has its events and no confirm has reached it."""

    def around(self, scene: Scene, step: Step, give: Give) -> Answer:
        scene.await_relay(step.node)
        for partner in step.reached:
            scene.await_reader(partner)
        scene.target.settle()
        with scene.ground.proxy(step.node).silence("broker"):
            answer = give()
            # One partner: the others have their turn when the first one's events are confirmed.
            until(
                lambda: any(scene.knows(*each) for each in step.reached.items()), "what was published arrives"
            )
            scene.kill(step.node, "messaging")
        return answer


def published(scene: Scene, step: Step) -> int:
    """How many deliveries of the step's events were signed, which is before they are published."""
    return scene.number(
        step.node,
        "select count(*) from sent join deliveries using (partner, epoch, sequence) join events e using (position)"
        " where e.id = any(%s::uuid[])",
        list(step.events),
    )


# --- at an exact place of the recipient's work ---


@dataclass(frozen=True)
class KilledBetweenArrivalAndStore:
    """The recipient's messaging process is killed when it has the message and is about to store it."""

    partner: str

    def around(self, scene: Scene, step: Step, give: Give) -> Answer:
        scene.target.settle()
        scene.await_reader(self.partner)
        with scene.held_log(self.partner):
            answer = give()
            scene.await_writer(self.partner)
            scene.kill(self.partner, "messaging")
        return answer


@dataclass(frozen=True)
class KilledBetweenStoreAndAcknowledgement:
    """The recipient's messaging process is killed when it has stored the message and no byte it says gets through."""

    partner: str

    def around(self, scene: Scene, step: Step, give: Give) -> Answer:
        proxy = scene.ground.proxy(self.partner)
        scene.target.settle()
        scene.await_reader(self.partner)
        before = set().union(*proxy.heard())
        with proxy.silence("node"):
            answer = give()
            until(lambda: scene.knows(self.partner, step.reached[self.partner]), "the message is stored")
            scene.kill(self.partner, "messaging")
            lines = len(proxy.heard())
            unanswered = set().union(*proxy.heard()) - before
        until(lambda: bool(unanswered & set().union(*proxy.heard()[lines:])), "the broker delivers it again")
        return answer


# --- servers ---


@dataclass(frozen=True)
class BrokerWiped:
    """The broker dies with all its data when it has confirmed events that the partner has not received."""

    partner: str

    def around(self, scene: Scene, step: Step, give: Give) -> Answer:
        scene.target.settle()  # what the partner still owes a receipt for would keep later messages back
        scene.end(self.partner, "messaging")
        answer = give()
        agency = scene.nodes[self.partner].member.agency
        until(lambda: confirmed(scene, step.node, agency), "the broker confirms")
        assert not scene.knows(self.partner, step.reached[self.partner])
        scene.ground.broker.wipe()
        scene.ground.broker.restart()
        scene.start(self.partner, "messaging")
        return answer


def confirmed(scene: Scene, node: str, partner: str) -> bool:
    """Whether the broker confirmed all that the node has for the partner."""
    query = (
        "select coalesce((select sent_through from partners where partner = %s), 0)"
        " = (select max(sequence) from deliveries where partner = %s)"
    )
    return bool(scene.rows(node, query, partner, partner)[0][0])


@dataclass(frozen=True)
class DatabaseKilled:
    """The database server of all nodes dies when the command is about to be appended, and comes back."""

    def around(self, scene: Scene, step: Step, give: Give) -> Answer:
        scene.target.settle()
        holding = scene.connect(step.node)
        with ThreadPoolExecutor(max_workers=1) as thread:
            holding.execute("begin")
            holding.execute("select from head for update")
            answer = thread.submit(give)
            await_append(scene, step, answer)
            scene.ground.postgres.kill()
            scene.ground.postgres.restart()
            holding.close()
            return answer.result()


# --- which faults where ---


def a_kill(chance: random.Random, node: str, parts: tuple[str, ...]) -> Fault:
    """Processes of a node, killed before, during or after a command."""
    milliseconds = chance.randrange(60)
    return chance.choice(
        (
            KilledBefore(node, parts),
            KilledDuring(node, parts, milliseconds),
            KilledWhileDraining(node, parts, milliseconds),
        )
    )
