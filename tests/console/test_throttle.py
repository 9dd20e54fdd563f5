"""Sign-in from one address slows down, whatever names it tries."""

from shared.console.throttle import FREE_FAILURES, LONGEST_WAIT, AddressThrottle


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_an_office_that_shares_one_address_may_make_a_few_mistakes() -> None:
    throttle = AddressThrottle(Clock())
    for _ in range(FREE_FAILURES - 1):
        throttle.failed("192.0.2.1")
    assert throttle.wait("192.0.2.1") == 0


def test_each_further_failure_makes_the_wait_longer_up_to_a_limit() -> None:
    clock = Clock()
    throttle = AddressThrottle(clock)
    waits = []
    for _ in range(FREE_FAILURES + 12):
        throttle.failed("192.0.2.1")
        waits.append(throttle.wait("192.0.2.1"))
    assert waits == sorted(waits)
    assert waits[FREE_FAILURES - 1] > 0
    assert waits[-1] <= LONGEST_WAIT + 1


def test_waiting_helps_and_another_address_is_not_slowed() -> None:
    clock = Clock()
    throttle = AddressThrottle(clock)
    for _ in range(FREE_FAILURES):
        throttle.failed("192.0.2.1")
    assert throttle.wait("192.0.2.1") > 0
    assert throttle.wait("192.0.2.2") == 0
    clock.now += 60
    assert throttle.wait("192.0.2.1") == 0


def test_old_failures_are_forgotten() -> None:
    clock = Clock()
    throttle = AddressThrottle(clock)
    for _ in range(FREE_FAILURES):
        throttle.failed("192.0.2.1")
    clock.now += 3600
    throttle.failed("192.0.2.1")
    assert throttle.wait("192.0.2.1") == 0
