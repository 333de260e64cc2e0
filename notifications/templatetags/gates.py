"""Names of what can be held back."""

from django import template

register = template.Library()


@register.filter
def of_gate(names: dict[str, str], code: str) -> str:
    return names.get(code, code)
