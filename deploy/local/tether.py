"""Start a program that cannot outlive the process that wanted it.

Run as a script, never imported: ``python -I -S tether.py PARENT SIGNAL USER PROGRAM [ARGUMENT...]``. It asks
the kernel to send SIGNAL when the parent ends (even by SIGKILL), gives up root for USER (``-`` keeps the
user), and becomes PROGRAM. A fork hook in the parent would do the same, but may deadlock when threads run.

The kernel counts the parent's *thread*: start a child from a thread that lives as long as the child shall.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    parent, signal, user, *program = sys.argv[1:]
    if user != "-":
        _become(user)
    # After the change of user: changing credentials clears the request.
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(signal), 0, 0, 0)
    if os.getppid() != int(parent):
        sys.exit(1)  # the parent ended before the request was made
    os.execvp(program[0], program)  # noqa: S606  it replaces this process, so the request stays with the program


def _become(user: str) -> None:
    import pwd

    entry = pwd.getpwnam(user)
    os.initgroups(user, entry.pw_gid)
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)


if __name__ == "__main__":
    main()
