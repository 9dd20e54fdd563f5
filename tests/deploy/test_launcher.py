"""`./renkei`: from a bare checkout to the command line, in checkouts made for the test."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYTHON = sys.executable

_COMMAND_LINE = """\
import os, sys
print(sys.argv[1:], os.getcwd(), sys.prefix)
sys.exit(7 if sys.argv[1:] == ["fail"] else 0)
"""
_AS_OLD = """\
import runpy, sys
sys.version_info, sys.executable = (3, 9, 2), None
runpy.run_path({launcher!r}, run_name="__main__")
"""


def checkout_in(folder: Path) -> Path:
    """A checkout whose lock file asks for nothing and whose command line only says how it was called."""
    checkout = folder / "checkout with a space"
    (checkout / "deploy" / "cli").mkdir(parents=True)
    shutil.copy(ROOT / "renkei", checkout / "renkei")
    (checkout / "requirements.lock").write_text("# nothing\n")
    (checkout / "deploy" / "__init__.py").touch()
    (checkout / "deploy" / "cli" / "__main__.py").write_text(_COMMAND_LINE)
    return checkout


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    return checkout_in(tmp_path)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout in which the launcher ran once."""
    checkout = checkout_in(tmp_path_factory.mktemp("prepared"))
    first = call(checkout, "demo", "--once")
    assert first.returncode == 0, first.stderr
    assert first.stdout == f"['demo', '--once'] {checkout.parent} {checkout}/.local/venv\n"
    assert "仮想環境を作成しています" in first.stderr
    return checkout


def call(checkout: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [PYTHON, str(checkout / "renkei"), *arguments],
        cwd=checkout.parent,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def as_old_python(checkout: Path, path: str) -> "subprocess.CompletedProcess[str]":
    """Start the launcher by a Python that says it is 3.9."""
    return subprocess.run(
        [PYTHON, "-c", _AS_OLD.format(launcher=str(checkout / "renkei"))],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_second_run_prepares_nothing_and_returns_the_commands_status(prepared: Path) -> None:
    second = call(prepared, "fail")
    assert second.returncode == 7
    assert second.stderr == ""


def test_a_folder_named_deploy_where_the_user_stands_is_not_taken_for_ours(prepared: Path) -> None:
    (prepared.parent / "deploy").mkdir()
    (prepared.parent / "deploy" / "__init__.py").write_text("raise SystemExit('the wrong one')")
    assert call(prepared).returncode == 0


def test_a_changed_lock_file_makes_the_environment_anew(prepared: Path) -> None:
    left = prepared / ".local" / "venv" / "left over"
    left.touch()
    (prepared / "requirements.lock").write_text("# still nothing\n")
    again = call(prepared)
    assert "仮想環境を作成しています" in again.stderr
    assert not left.exists()


def test_an_environment_that_is_a_link_is_made_anew_beside_what_it_leads_to(checkout: Path) -> None:
    """As when several checkouts share one: the others' must not be emptied."""
    shared = checkout.parent / "shared"
    (shared / "bin").mkdir(parents=True)
    (shared / "bin" / "program").touch()
    (checkout / ".local").mkdir()
    link = checkout / ".local" / "venv"
    for target in (shared, checkout.parent / "gone"):
        link.symlink_to(target)
        made = call(checkout)
        assert made.returncode == 0, made.stderr
        assert f"リンク先 {target} は変えません" in made.stderr
        assert not link.is_symlink()
        assert [each.name for each in shared.rglob("*")] == ["bin", "program"]
        shutil.rmtree(link)


def test_an_environment_that_is_a_link_is_used_while_it_fits(prepared: Path, checkout: Path) -> None:
    (checkout / ".local").mkdir()
    (checkout / ".local" / "venv").symlink_to(prepared / ".local" / "venv")
    shutil.copy(prepared / "requirements.lock", checkout / "requirements.lock")
    assert call(checkout).stderr == ""
    assert (checkout / ".local" / "venv").is_symlink()


def test_two_first_runs_at_once_both_succeed(checkout: Path) -> None:
    command = [PYTHON, str(checkout / "renkei"), "demo"]
    runs = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)
    ]
    said = [run.communicate()[1] for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    assert sum("仮想環境を作成しています" in text for text in said) == 1


def test_packages_that_cannot_be_fetched_end_it_with_what_to_do_and_leave_it_unprepared(
    checkout: Path,
) -> None:
    (checkout / "requirements.lock").write_text(f"absent==1.0 \\\n    --hash=sha256:{'0' * 64}\n")
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_RETRIES": "0", "PIP_CONFIG_FILE": os.devnull}
    failed = call(checkout, **nowhere)
    assert failed.returncode == 2
    assert "必要なパッケージを導入できませんでした" in failed.stderr
    assert "could not be installed" in failed.stderr
    assert not list((checkout / ".local" / "venv").glob("*.sha256"))


def test_an_old_python_says_in_both_languages_which_one_is_needed(checkout: Path) -> None:
    old = as_old_python(checkout, path="")
    assert old.returncode == 2
    assert "Python 3.11、3.12、3.13 のいずれかが必要です(これは 3.9 です)" in old.stderr
    assert "Renkei needs Python 3.11, 3.12 or 3.13 (this is 3.9)" in old.stderr


def test_an_old_python_hands_over_to_a_newer_one_on_the_path(checkout: Path) -> None:
    programs = checkout.parent / "programs"
    programs.mkdir()
    # As a version manager does: a name on the PATH behind which nothing runs.
    (programs / "python3.13").write_text("#!/bin/sh\nexit 127\n")
    (programs / "python3.13").chmod(0o755)
    (programs / "python3.11").symlink_to(Path(sys.base_prefix) / "bin" / "python3")
    old = as_old_python(checkout, path=f"{programs}:/usr/bin:/bin")
    assert old.returncode == 0, old.stderr


def test_the_launcher_names_no_package_registry() -> None:
    text = (ROOT / "renkei").read_text(encoding="utf-8")
    assert "http" not in text
    assert "index" not in text
