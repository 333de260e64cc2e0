"""What must be true before a package is installed, and the one-line answers when it is not."""

import ast
import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from config.embedded import firstlook
from config.embedded.failure import CannotStart
from config.embedded.paths import DataFolder
from tests.platform.commands import PROJECT, outside_environment, run

REQUIREMENTS = sorted((PROJECT / "requirements").glob("*.txt"))


@pytest.fixture(scope="module")
def bootstrap() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bootstrap", PROJECT / "script" / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["server", "test", "bootstrap.py"])
def test_old_python_can_read_the_file_that_refuses_it(name: str) -> None:
    ast.parse((PROJECT / "script" / name).read_text(), feature_version=(3, 6))


def test_old_python_gets_one_line(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: None)

    with pytest.raises(SystemExit) as refusal:
        bootstrap.check_python()

    assert str(refusal.value) == "Beatbook needs Python 3.11 or newer, and this is Python 3.9."


def test_settings_of_pip_are_told_to_uv(bootstrap: ModuleType) -> None:
    listing = (
        "global.index-url='https://mirror.example/simple'\n"
        "global.extra-index-url='https://one.example/simple https://two.example/simple'\n"
        "global.cert='/etc/old.pem'\n:env:.cert='/etc/new.pem'\n"
        "install.find-links='/a /b'\nglobal.constraint='/etc/constraints.txt'\n"
        "global.proxy='http://proxy.example:3128'\n"
    )

    assert bootstrap.read_settings(listing) == {
        "UV_DEFAULT_INDEX": "https://mirror.example/simple",
        "UV_INDEX": "https://one.example/simple https://two.example/simple",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_FIND_LINKS": "/a,/b",
        "SSL_CERT_FILE": "/etc/new.pem",
        "ALL_PROXY": "http://proxy.example:3128",
    }


def test_no_network_is_one_line(tmp_path: Path) -> None:
    for part in ("script", "requirements"):
        shutil.copytree(PROJECT / part, tmp_path / part)
    code = "import bootstrap as b; b.run_or_explain(lambda: b.environment('run'))"
    nowhere = "http://127.0.0.1:9/simple"  # the port where nobody answers

    refused = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path / "script", capture_output=True, text=True, check=False,
        env=outside_environment(
            PIP_INDEX_URL=nowhere, PIP_EXTRA_INDEX_URL="", PIP_FIND_LINKS="", PIP_RETRIES="0",
            PIP_CONFIG_FILE="/dev/null", UV_DEFAULT_INDEX=nowhere,
        ),
    )  # fmt: skip

    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "Check the network" in refused.stderr


def test_data_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")

    refused = run("script/server", "--data", str(tmp_path / "file" / "data"))

    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "--data DIR" in refused.stderr


def test_full_disk_is_named_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(firstlook.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(9, 9, 0))

    with pytest.raises(CannotStart, match="is full: 0 MB are free"):
        firstlook.check_space(DataFolder(tmp_path).root)


@pytest.mark.parametrize("file", REQUIREMENTS, ids=lambda file: file.name)
def test_requirements_are_hashed_and_name_no_host(file: Path) -> None:
    text = file.read_text()
    pins = re.findall(r"^[a-z0-9][^ ]*==[^ ]+(?: ;[^\\]*)? \\$", text, re.MULTILINE)

    starts = re.findall(r"^[a-zA-Z0-9]", text, re.MULTILINE)

    assert pins
    assert len(pins) == len(starts)
    assert not re.search(r"https?:|^--|find-links|index-url", text, re.MULTILINE)


def test_tests_run_on_the_very_versions_that_run() -> None:
    run_pins, test_pins = (
        dict(re.findall(r"^([a-z0-9-]+)(?:\[.*\])?==([^ ]+)", file.read_text(), re.MULTILINE))
        for file in (PROJECT / "requirements" / "run.txt", PROJECT / "requirements" / "test.txt")
    )

    both = run_pins.keys() & test_pins.keys()

    assert both
    assert {name: run_pins[name] for name in both} == {name: test_pins[name] for name in both}
