"""``./renkei play FILE --fresh``: a scenario plays from nothing, and nothing is left running."""

import os
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from urllib.request import urlopen

from deploy.cli.at_node import ROOT
from deploy.demo.stage import stage
from shared.policy.dates import TOKYO

SMALL = """\
title: 意見聴取の記録
starts_at: "2024-09-02T09:00:00+09:00"
case: nobody
ward: ward
agencies:
  ward: {name: 豊島区, roles: [ward]}
  office: {name: 見本居宅介護支援事業所, roles: [kyotaku]}
days:
  - day: 2024-09-18
    title: 推進会議
    acts:
      - {node: ward, as: clerk, command: RecordHearing, fields: {agency: "1371600014"}}
      - node: ward
        as: clerk
        command: DesignateOffice
        fields: {agency: "1371600014", service: preventive_support, designated_from: 2025-02-17, hearing_on: 2024-09-18}
        refused: {code: day_not_permitted, rule: T-06N}
"""


def test_a_scenario_plays_on_nodes_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(SMALL, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "deploy.cli", "play", str(file), "--fresh"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "操作 4件、確認 1件、不一致 0件" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 0
    assert not list((ROOT / ".local" / "play").rglob("postmaster.pid"))


def test_its_consoles_stay_open_until_somebody_ends_it(tmp_path: Path) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(SMALL, encoding="utf-8")
    playing = subprocess.Popen(
        [sys.executable, "-m", "deploy.cli", "play", str(file), "--fresh", "--stay"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert playing.stdout is not None
    told: list[str] = []
    for line in playing.stdout:
        told.append(line)
        if "Ctrl-C" in line:
            break
    address = next(each.split()[0] for each in told if each.strip().startswith("http"))
    with urlopen(f"{address}/signin", timeout=30) as answer:
        assert "サインイン" in answer.read().decode()
    playing.send_signal(signal.SIGINT)
    playing.communicate(timeout=120)
    assert playing.returncode == 0
    assert not list((ROOT / ".local" / "play").rglob("postmaster.pid"))


def test_on_nodes_whose_clock_is_ahead_nothing_is_begun(tmp_path: Path) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(SMALL, encoding="utf-8")
    with stage(tmp_path / "stage", datetime(2025, 4, 8, 9, tzinfo=TOKYO), None, print) as made:
        done = subprocess.run(
            [sys.executable, "-m", "deploy.cli", "play", str(file), "--sign-ins", str(made.sign_ins)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stdout) == (2, "")
    assert "時計は先にしか進められません" in done.stderr
    assert "--fresh" in done.stderr


def test_a_file_that_is_not_there_is_named() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "deploy.cli", "play", "nowhere.yaml", "--fresh"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "nowhere.yaml" in done.stderr) == (2, True)
