"""What both commands need first: a Python that is new enough, `.venv`, and the packages in it.

Standard library only. Until check_python() has run this must also parse on Python 3.6, so that an
old Python gets a sentence and not a traceback.
"""

import ast
import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
REQUIREMENTS = PROJECT / "requirements"
CACHE = PROJECT / ".cache"
LOG = CACHE / "setup.log"
OLDEST = (3, 11)
NO_NETWORK = (
    "The packages could not be fetched. Check the network, or the package index in pip's settings."
)
# What pip, uv and the system say when a name or an address cannot be reached.
NETWORK_WORDS = (
    "name resolution",
    "dns error",
    "Could not find a version",
    "NewConnectionError",
    "Failed to fetch",
    "error sending request",
    "Network is unreachable",
    "Connection refused",
    "Could not connect",
)


class Refused(Exception):
    """Something outside the project stands in the way; the text says what to do."""


def check_python():
    """End with one line, or go on with a newer Python of this machine."""
    if sys.version_info >= OLDEST:
        return
    for minor in (14, 13, 12, 11):
        found = shutil.which(f"python3.{minor}")
        if found:
            os.execv(found, [found, *sys.argv])
    have = f"{sys.version_info[0]}.{sys.version_info[1]}"
    sys.exit(f"Beatbook needs Python 3.11 or newer, and this is Python {have}.")


def run_or_explain(main):
    """Call main; whatever is refused ends as one line."""
    try:
        main()
    except Refused as reason:
        sys.exit(f"{reason}")
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        sys.exit("{}: {}.".format(error.filename or "This machine", error.strerror))


@contextlib.contextmanager
def step(title):
    """One line for one step, with the time it took."""
    print(f"{title:<34}", end="", flush=True)
    began = time.monotonic()
    try:
        yield
    except BaseException:
        print("failed", flush=True)
        raise
    print(f"{time.monotonic() - began:5.1f} s", flush=True)


def environment(*names):
    """Make `.venv` hold the locked packages of these lists; quick when it does already."""
    # Compiled code is kept, whatever this shell asks: without it each start takes 4 s longer.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    try:
        CACHE.mkdir(exist_ok=True)
        lock = (CACHE / "lock").open("w")
    except OSError as error:
        raise Refused(f"The project folder {PROJECT}: {error.strerror}.") from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two commands at once share one environment
        wanted = fingerprint(names)
        stamp = VENV / "beatbook-packages"
        have = stamp.read_text().splitlines() if stamp.exists() and PYTHON.exists() else []
        if wanted in have:
            return
        LOG.write_text("")
        with step("Python environment"):
            make_environment()
            fetch_uv()
        with step("Packages ({})".format(", ".join(names))):
            install(names)
        done = [fingerprint(names[:count]) for count in range(1, len(names) + 1)]
        stamp.write_text("\n".join(done) + "\n")


def fingerprint(names):
    digest = hashlib.sha256(sys.version.encode())
    for name in names:
        digest.update((REQUIREMENTS / (f"{name}.txt")).read_bytes())
    return digest.hexdigest()


def make_environment():
    too_old = "import sys; sys.exit(sys.version_info < (3, 11))"
    broken = not PYTHON.exists() or run([PYTHON, "-c", too_old]) != 0
    if broken:
        import venv  # noqa: PLC0415 - some machines have it in a package of its own

        shutil.rmtree(str(VENV), ignore_errors=True)
        venv.EnvBuilder(with_pip=False, symlinks=True).create(str(VENV))


def fetch_uv():
    """By the machine's pip, else by the one that comes with Python; neither is kept."""
    wanted = [
        "install",
        "--quiet",
        "--no-deps",
        "--only-binary",
        ":all:",
        "--require-hashes",
        "--disable-pip-version-check",
        "-r",
        REQUIREMENTS / "uv.txt",
    ]
    if run([sys.executable, "-m", "pip", "--python", PYTHON, *wanted]) == 0:
        return
    if is_network_trouble():
        explain("uv could not be fetched")
    if run([PYTHON, "-m", "ensurepip", "--default-pip"]) == 0:
        if run([PYTHON, "-m", "pip", *wanted]) == 0:
            return
    elif run([sys.executable, "-m", "pip", "--version"]) != 0:
        raise Refused("This Python has no pip. Install python3-venv, or a Python that has pip.")
    explain("uv could not be installed")


def install(names):
    lists = [part for name in names for part in ("-r", REQUIREMENTS / (f"{name}.txt"))]
    command = [
        VENV / "bin" / "uv",
        "pip",
        "install",
        "--quiet",
        "--require-hashes",
        "--only-binary",
        ":all:",
        "--python",
        PYTHON,
        *lists,
    ]
    settings = {"UV_LINK_MODE": "copy", **pip_settings(), **os.environ}
    if run(command, settings) != 0:
        explain("The packages could not be installed")


def pip_settings():
    """pip's settings in the words of uv, which does not read them; what uv has already wins."""
    found = {}
    for pip in ([sys.executable, "-m", "pip"], [PYTHON, "-m", "pip"]):
        answer = subprocess.run([*map(str, pip), "config", "list"], capture_output=True, text=True)
        if answer.returncode == 0:
            found = read_settings(answer.stdout)
            break
    return {name: value for name, value in found.items() if name not in os.environ}


def read_settings(listing):
    """The lines of `pip config list`, of which a later section wins over an earlier one."""
    sections = {"global": {}, "install": {}, ":env:": {}}
    for line in listing.splitlines():
        name, _, value = line.partition("=")
        section, _, key = name.rpartition(".")
        if section in sections:
            sections[section][key] = ast.literal_eval(value)
    pip = {key: value for part in sections.values() for key, value in part.items()}
    uv = {}
    for key, name in (
        ("index-url", "UV_DEFAULT_INDEX"),
        ("cert", "SSL_CERT_FILE"),
        ("proxy", "ALL_PROXY"),
        ("default-timeout", "UV_HTTP_TIMEOUT"),
    ):
        if pip.get(key):
            uv[name] = pip[key]
    if pip.get("extra-index-url"):
        uv["UV_INDEX"] = " ".join(pip["extra-index-url"].split())
        uv["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    if pip.get("find-links"):
        uv["UV_FIND_LINKS"] = ",".join(pip["find-links"].split())
    if pip.get("trusted-host"):
        uv["UV_INSECURE_HOST"] = " ".join(pip["trusted-host"].split())
    if str(pip.get("no-index", "")).lower() in ("1", "true", "yes"):
        uv["UV_NO_INDEX"] = "1"
    return uv


def run(command, more=None):
    """Its exit status; what it says goes to the log."""
    with LOG.open("ab") as log:
        return subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**os.environ, **(more or {})},
        ).returncode


def is_network_trouble():
    said = LOG.read_text(errors="replace")
    return any(word in said for word in NETWORK_WORDS)


def explain(what):
    said = LOG.read_text(errors="replace")
    if "No space left" in said:
        raise Refused("The disk is full. Free some space, then start again.")
    if is_network_trouble():
        raise Refused(NO_NETWORK + f" Details: {LOG}")
    raise Refused(f"{what}; see {LOG}")


def compile_catalogs():
    """Machine-readable catalogs of the translations; they are not in git."""
    sources = list(PROJECT.glob("*/locale/*/LC_MESSAGES/*.po"))
    stale = [
        po
        for po in sources
        if not po.with_suffix(".mo").exists()
        or po.with_suffix(".mo").stat().st_mtime < po.stat().st_mtime
    ]
    if stale:
        with step("Translations"):
            if run([PYTHON, PROJECT / "script" / "catalogs", "compile"]) != 0:
                explain("The translations could not be compiled")
