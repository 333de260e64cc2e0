"""The addresses by which calendar apps subscribe to a feed."""

from urllib.parse import urlencode, urlsplit

from django import template
from django.conf import settings

from scheduling.feeds import Feed

register = template.Library()


@register.filter
def https(feed: Feed) -> str:
    return settings.BASE_URL + feed.path


@register.filter
def webcal(feed: Feed) -> str:
    return f"webcal://{urlsplit(settings.BASE_URL).netloc}{feed.path}"


@register.filter
def google(feed: Feed) -> str:
    return "https://calendar.google.com/calendar/render?" + urlencode({"cid": webcal(feed)})


@register.filter
def outlook(feed: Feed) -> str:
    chosen = {"url": https(feed), "name": feed.name}
    return "https://outlook.live.com/calendar/0/addfromweb?" + urlencode(chosen)
