"""Whether a container engine answers on this machine."""

import shutil
import subprocess


def engine_answers() -> bool:
    """True when the `docker` command is there and its engine replies within a few seconds."""
    if shutil.which("docker") is None:
        return False
    try:
        asked = subprocess.run(
            ["docker", "version", "--format", "{{.Server.Version}}"],
            capture_output=True,
            timeout=10,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return asked.returncode == 0
