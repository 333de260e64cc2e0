"""Hours as people type them."""

from datetime import time

import pytest
from django.core.exceptions import ValidationError

from scheduling.forms.fields import ClockField


@pytest.mark.parametrize(
    "typed",
    ["7 p.m.", "7 pm", "7PM", "7:00 p.m.", "07:00 PM", "7 p. m.", "7\u00a0p.\u202fm.", "7p", "7 P",
     "19:00"],
)  # fmt: skip
def test_seven_in_the_evening_is_understood(typed):
    assert ClockField().clean(typed) == time(19)


@pytest.mark.parametrize("typed", ["7", "25:00", "7 x.m.", "p.m.", "noon-ish"])
def test_an_hour_that_may_mean_two_things_is_refused(typed):
    with pytest.raises(ValidationError, match="Enter a valid time"):
        ClockField().clean(typed)
