"""Fixtures of the tests of people, places and programs."""

import json

import pytest
from django.core.management import call_command


@pytest.fixture
def import_file(tmp_path, capsys):
    """Write the content to a file, import it and give back what was printed."""

    def run(command, content, **options):
        path = tmp_path / "city.geojson"
        text = content if isinstance(content, str) else json.dumps(content)
        path.write_text(text, encoding="utf-8")
        call_command(command, str(path), **options)
        return capsys.readouterr().out

    return run
