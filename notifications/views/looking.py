"""What would come of a form, before it is sent."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from scheduling.services import checks


def answer(request: HttpRequest, page: str, context: dict[str, Any]) -> HttpResponse:
    """The page again with the answer, or the answer alone for a page that asks as one types."""
    sketch = context["form"].sketch()
    look = checks.look(sketch, before=context.get("event")) if sketch else None
    if request.headers.get("HX-Request"):
        page = "scheduling/_look.html"
    return render(request, page, {**context, "look": look})
