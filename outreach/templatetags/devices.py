"""Where somebody is signed in."""

from django import template

from outreach.devices import words

register = template.Library()
register.filter("device", words)
