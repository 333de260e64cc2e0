"""A form sent again with another time, so that a free time takes one press."""

from datetime import datetime

from django import template
from django.forms import Form
from django.utils import timezone

register = template.Library()


@register.filter
def retyped_for(form: Form, start: datetime) -> list[tuple[str, str]]:
    """Names and values of a valid form as they were typed, moved to begin at start."""
    moved = {"day": start, "starts": start}
    if "ends" in form.fields:
        moved["ends"] = start + (form.cleaned_data["ends_at"] - form.cleaned_data["starts_at"])
    anew = {
        name: f"{timezone.localtime(at):{'%m/%d/%Y' if name == 'day' else '%I:%M %p'}}"
        for name, at in moved.items()
    }
    kept = form.data.lists()  # type: ignore[attr-defined]
    typed = [(name, value) for name, values in kept for value in values if name in form.fields]
    return [pair for pair in typed if pair[0] not in anew] + list(anew.items())
