"""Why the local runner cannot go on."""


class CannotRun(Exception):
    """This machine or configuration does not allow what was asked; the command line exits with status 2.

    The message is for a person: Japanese first, then English, with what to do next.
    """


class StartFailed(CannotRun):
    """A program did not become ready. The message names its log."""


class AlreadyRunning(CannotRun):
    """Another run uses this folder."""


class BrokerMissing(CannotRun):
    """No RabbitMQ was found and none may be installed. The message says what to install."""


class BrokerUnusable(CannotRun):
    """The RabbitMQ that was given cannot serve the nodes. The message says what it needs."""


class BrowserMissing(CannotRun):
    """No Chromium was found and none may be installed. The message says what to install."""
