"""The steps of script/test, run inside `.venv` against servers made for this run."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass

import bootstrap

sys.path.insert(0, str(bootstrap.PROJECT))
from config.embedded.children import die_with_parent
from config.embedded.environment import ensure_temporary
from config.embedded.failure import CannotStart

TOOLS = bootstrap.PYTHON.parent
CODE = ["config", "outreach", "scheduling", "notifications"]


@dataclass
class Step:
    title: str
    command: list[str]


def tool(name: str, *arguments: str) -> list[str]:
    return [str(TOOLS / name), *arguments]


def python(*arguments: str) -> list[str]:
    return [str(bootstrap.PYTHON), *arguments]


def steps() -> list[Step]:
    compose = ["--builtin-schema", "vendor.compose-spec", "docker-compose.yml"]
    return [
        Step("Lint (ruff)", tool("ruff", "check", "--quiet", ".")),
        Step("Layout (ruff)", tool("ruff", "format", "--check", "--quiet", ".")),
        Step("Import contract", tool("lint-imports", "--no-cache")),
        Step("Templates (djlint)", tool("djlint", *CODE, "--lint", "--quiet")),
        Step("Compose file", tool("check-jsonschema", *compose)),
        Step("Translations", python("script/catalogs", "check")),
        Step("Migrations", python("manage.py", "makemigrations", "--check", "--dry-run")),
        Step("Types (mypy)", tool("mypy")),
        Step("Browser", python("-m", "tests.chromium")),
    ]


def pytest(arguments: list[str]) -> list[str]:
    workers = ["-n", str(min(2, os.cpu_count() or 1)), "--dist", "loadgroup"]
    return python("-m", "pytest", *(arguments or [*workers, "--quiet", "--durations=10"]))


def run_quietly(step: Step) -> bool:
    """One line when it is well; everything it said when it is not."""
    print(f"{step.title:<24}", end="", flush=True)
    began = time.monotonic()
    with started(step.command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        said, _ = process.communicate()
    is_well = process.returncode == 0
    print(f"{'ok' if is_well else 'FAILED':<8}{time.monotonic() - began:6.1f} s", flush=True)
    if not is_well:
        print(said.decode(errors="replace"), flush=True)
    return is_well


def run_tests(arguments: list[str]) -> bool:
    began = time.monotonic()
    with started(pytest(arguments)) as process:
        try:
            status = process.wait()
        except KeyboardInterrupt:  # pytest got it too, and tells how far it came
            status = process.wait()
    print(f"{'Tests':<24}{'ok' if status == 0 else 'FAILED':<8}{time.monotonic() - began:6.1f} s")
    return status == 0


def started(command: list[str], **how: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        command,
        cwd=bootstrap.PROJECT,
        stdin=subprocess.DEVNULL,
        preexec_fn=die_with_parent(signal.SIGTERM),
        **how,
    )


def main() -> int:
    arguments = sys.argv[1:]
    if "--full" in arguments:
        arguments.remove("--full")
        os.environ["BEATBOOK_FULL"] = "1"  # the promises at full size
    began = time.monotonic()
    try:
        ensure_temporary()
    except CannotStart as reason:
        print(reason, file=sys.stderr)
        return 1
    if arguments:
        return 0 if run_tests(arguments) else 1
    results = [run_quietly(step) for step in steps()]
    results.append(run_tests([]))
    failed = results.count(False)
    verdict = f"{failed} of {len(results)} failed" if failed else "All well"
    print(f"{verdict} after {time.monotonic() - began:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
