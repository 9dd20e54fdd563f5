"""A form that is no command does its work once."""

import threading
from uuid import uuid4

import pytest

from shared.console.once import Once


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_two_at_once_do_the_work_once_and_both_learn_its_result() -> None:
    once, key, done, told = Once(), uuid4(), [], []
    begun = threading.Barrier(2)

    def work() -> str:
        done.append(1)
        return "済み"

    def send() -> None:
        begun.wait()
        told.append(once.run("hanako", key, work))

    both = [threading.Thread(target=send) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert (done, told) == ([1], ["済み", "済み"])


def test_what_failed_may_come_again() -> None:
    once, key = Once(), uuid4()

    def refuse() -> None:
        raise ValueError("still wrong")

    with pytest.raises(ValueError, match="still"):
        once.run("hanako", key, refuse)
    assert once.run("hanako", key, lambda: "済み") == "済み"


def test_another_accounts_form_is_another_form() -> None:
    once, key = Once(), uuid4()
    once.run("hanako", key, lambda: "花子")
    assert once.result("jiro", key) is None
    assert once.run("jiro", key, lambda: "次郎") == "次郎"


def test_what_is_told_once_is_not_told_again_and_not_done_again() -> None:
    once, key = Once(), uuid4()
    once.run("hanako", key, lambda: "合言葉")
    assert once.take("hanako", key) == "合言葉"
    assert once.take("hanako", key) is None
    assert once.run("hanako", key, lambda: "べつの合言葉") is None


def test_keys_are_forgotten_after_a_quarter_of_an_hour() -> None:
    clock = Clock()
    once, key = Once(clock), uuid4()
    once.run("hanako", key, lambda: "一度目")
    clock.now = 901.0
    once.run("hanako", uuid4(), lambda: None)
    assert once.result("hanako", key) is None
