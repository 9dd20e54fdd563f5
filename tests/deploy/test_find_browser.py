"""Finding Chromium: by name, on the PATH, from Debian, or a clear word about what to do."""

from pathlib import Path

import pytest

from deploy.local import find_browser
from deploy.local.errors import BrowserMissing


def program(folder: Path, name: str, text: str = "#!/bin/sh\n") -> Path:
    path = folder / name
    path.write_text(text)
    path.chmod(0o755)
    return path


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine with an empty PATH, where nothing may be installed."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv(find_browser.GIVEN, raising=False)
    monkeypatch.setattr(find_browser, "may_install", lambda: False)
    return folder


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome"])
def test_one_on_the_path_is_found_under_each_of_its_names(nowhere: Path, name: str) -> None:
    installed = program(nowhere, name)
    assert find_browser.find_browser(print) == installed


def test_the_one_that_is_named_comes_first(
    monkeypatch: pytest.MonkeyPatch, nowhere: Path, tmp_path: Path
) -> None:
    program(nowhere, "chromium")
    own = program(tmp_path, "my-chrome")
    monkeypatch.setenv(find_browser.GIVEN, str(own))
    assert find_browser.find_browser(print) == own


def test_a_named_one_that_does_not_run_is_said_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(find_browser.GIVEN, str(tmp_path / "nothing"))
    with pytest.raises(BrowserMissing, match="実行できません"):
        find_browser.find_browser(print)


def test_a_snap_is_passed_over(nowhere: Path) -> None:
    program(nowhere, "chromium-browser", '#!/bin/sh\nexec /snap/bin/chromium "$@"\n')
    chrome = program(nowhere, "google-chrome")
    assert find_browser.find_browser(print) == chrome


def test_without_one_a_person_reads_what_to_install() -> None:
    with pytest.raises(BrowserMissing, match="apt-get install chromium"):
        find_browser.find_browser(print)


def test_where_we_may_debian_s_package_is_installed(monkeypatch: pytest.MonkeyPatch, nowhere: Path) -> None:
    told: list[str] = []

    def install(package: str) -> bool:
        program(nowhere, package)
        return True

    monkeypatch.setattr(find_browser, "may_install", lambda: True)
    monkeypatch.setattr(find_browser, "_snaps_only", lambda: False)
    monkeypatch.setattr(find_browser, "install", install)
    assert find_browser.find_browser(told.append) == nowhere / "chromium"
    assert "Chromium を導入しています" in told[0]


def test_where_the_package_is_a_snap_nothing_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def install(package: str) -> bool:
        raise AssertionError(f"{package} would be a snap")

    monkeypatch.setattr(find_browser, "may_install", lambda: True)
    monkeypatch.setattr(find_browser, "_snaps_only", lambda: True)
    monkeypatch.setattr(find_browser, "install", install)
    with pytest.raises(BrowserMissing, match="Ubuntu"):
        find_browser.find_browser(print)
