"""What was sent once is known again, and by us only."""

import hashlib
import json

import pytest

from outreach.models import Submission
from outreach.services import submissions

pytestmark = pytest.mark.django_db


def test_fingerprint_tells_nobody_an_address_by_trying_them_all():
    content = {"address": "1214 Alder St"}

    submissions.once("k", content, lambda: "done")

    plain = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    assert Submission.objects.get().fingerprint != plain


def test_same_content_finds_the_outcome_and_other_content_is_refused():
    assert submissions.once("k", {"a": 1}, lambda: "first") == "first"
    assert submissions.once("k", {"a": 1}, lambda: "second") == "first"
    with pytest.raises(submissions.KeyReused):
        submissions.once("k", {"a": 2}, lambda: "third")
