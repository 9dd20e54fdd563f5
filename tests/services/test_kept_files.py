"""Claim files hold persons' data: they are their owner's alone and never replace others (A-S10)."""

from pathlib import Path

import pytest

from contracts.events.sample import CENTRE, OFFICE
from services.billing.filing import File, bundle
from services.billing.keeping import OtherContent, keep
from shared.policy.dates import Month
from tests.services.test_submission import january

WARD = "131169"


@pytest.fixture
def files() -> tuple[File, ...]:
    return bundle(january(), CENTRE, "ward", Month(2025, 2)).files


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_only_the_owner_may_read_them_also_where_they_stood_open_before(
    tmp_path: Path, files: tuple[File, ...]
) -> None:
    """A-S10."""
    folder = keep(tmp_path, CENTRE, WARD, files)
    assert folder == tmp_path / CENTRE / WARD
    (path,) = folder.iterdir()
    assert [mode(each) for each in (folder.parent, folder, path)] == [0o700, 0o700, 0o600]
    path.chmod(0o644)
    folder.chmod(0o755)
    keep(tmp_path, CENTRE, WARD, files)
    assert (mode(folder), mode(path)) == (0o700, 0o600)
    assert path.read_bytes() == files[0].written.content


@pytest.mark.parametrize("linked", [False, True])
def test_another_file_or_a_link_in_its_place_is_refused_and_stays(
    tmp_path: Path, files: tuple[File, ...], linked: bool
) -> None:
    """A-S10: what a link leads to could be anybody's."""
    place = tmp_path / CENTRE / WARD / files[0].name
    place.parent.mkdir(parents=True)
    if linked:
        (tmp_path / "elsewhere").write_bytes(files[0].written.content)
        place.symlink_to(tmp_path / "elsewhere")
    else:
        place.write_bytes(b"another month's")
    before = place.read_bytes()
    with pytest.raises(OtherContent, match="上書きしません"):
        keep(tmp_path, CENTRE, WARD, files)
    assert place.read_bytes() == before


def test_each_claimants_and_wards_files_stand_apart(tmp_path: Path, files: tuple[File, ...]) -> None:
    folders = {
        keep(tmp_path, claimant, ward, files)
        for claimant, ward in ((CENTRE, WARD), (CENTRE, "131219"), (CENTRE, None), (OFFICE, WARD))
    }
    assert len(folders) == 4
