"""The messaging edge of this service: what nameko calls, and nothing else."""

from shared.exchange.consumer import ReceptionProvider, RelayProvider, arrivals, every


class Messaging:
    """居宅介護支援事業所: takes in what partners send, sends what is owed to them, looks again at what waits."""

    name = "kyotaku"

    reception = ReceptionProvider()
    relay = RelayProvider()

    @arrivals
    def take_in(self) -> None:
        """The next batch of messages has its turn."""
        self.reception.turn()

    @every(seconds=5)
    def retry_waiting(self) -> None:
        """What waits may be judged since somebody opened its case in another process, or its day is over."""
        self.reception.inbox.retry_waiting()
