"""A view's version covers whatever its fold reads, so that a changed table is folded anew (ensure_current)."""

from hashlib import sha256

from shared.care.views import Obligations
from shared.policy.obligation_table import TABLE, digest


def test_the_version_of_the_obligations_covers_the_table_that_they_are_folded_by() -> None:
    """What is owed when, and by which parameter, is worked out when it is read; only the table is folded."""
    assert digest() == sha256(TABLE.read_bytes()).hexdigest()
    assert Obligations.VERSION.endswith(f" {digest()}")
