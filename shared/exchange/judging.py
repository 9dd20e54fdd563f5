"""What a node makes of a body that arrived, with what it knows now: whether it is authentic, what becomes of it."""

from shared.eventlog.log import Writing
from shared.exchange.authenticity import Authentic, NotYet, authenticate
from shared.exchange.authority import is_directory_event
from shared.exchange.directory import Directory, DirectoryReader
from shared.exchange.verdict import KnownCases, Verdict, decide
from shared.node.node import Node


class Judge:
    """Judges for one node. Nothing is written here, and one thread at a time may ask."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self.directory = DirectoryReader(node.log, node.config.trust)
        self._cases = KnownCases(node)

    def authenticated(self, body: bytes) -> Authentic:
        """The message in a body. :raises Unauthentic, NotYet: it proves nothing, or nothing yet."""
        try:
            return self._authenticate_with(body, self.directory.read())
        except NotYet:
            return self._authenticate_with(body, self.directory.read(fresh=True))

    def verdict(self, message: Authentic, react: bool = True) -> Verdict:
        """What becomes of an authentic event. Without ``react`` the reaction is left out."""
        return decide(self._node, self.directory.read(), message, self._cases, react)

    def verdict_under_lock(self, writing: Writing, message: Authentic, react: bool = True) -> Verdict:
        """The same on a state that can't move on any more."""
        assert writing.head  # waits until the lock is held: what is read from now on is the newest state
        return self.verdict(message, react)

    def _authenticate_with(self, body: bytes, directory: Directory) -> Authentic:
        node = self._node
        return authenticate(
            body,
            node.agency_keys,
            directory,
            node.training,
            lambda payload: is_directory_event(payload, node.event_types),
            self._cases.insurer_of,
        )
