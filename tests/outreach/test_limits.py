"""Whom a public form counts: the nearest address that is no proxy of ours."""

import pytest
from django.test import RequestFactory

from outreach.limits import client_address


@pytest.mark.parametrize(
    ("came_from", "forwarded", "counted"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),  # a stranger writes what they like
        ("10.0.0.2", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.2", "203.0.113.9, 10.0.0.1", "203.0.113.9"),  # the front server behind another
        ("10.0.0.2", "198.51.100.1, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        ("10.0.0.2", "", "10.0.0.2"),
        ("10.0.0.2", "10.0.0.1", "10.0.0.1"),
        ("10.0.0.2", ",", "10.0.0.2"),
    ],
)
def test_nearest_stranger_is_counted(settings, came_from, forwarded, counted):
    settings.TRUSTED_PROXIES = ["10.0.0.1", "10.0.0.2"]
    headers = {"REMOTE_ADDR": came_from}
    if forwarded:
        headers["HTTP_X_FORWARDED_FOR"] = forwarded

    assert client_address(RequestFactory().get("/", **headers)) == counted


@pytest.mark.parametrize(
    ("came_from", "counted"),
    [("172.30.99.7", "203.0.113.9"), ("172.30.98.7", "172.30.98.7"), ("nonsense", "nonsense")],
)
def test_a_network_of_proxies_is_trusted_as_a_whole(settings, came_from, counted):
    settings.TRUSTED_PROXIES = ["172.30.99.0/24", "::1"]
    headers = {"REMOTE_ADDR": came_from, "HTTP_X_FORWARDED_FOR": "203.0.113.9, 172.30.99.1"}

    assert client_address(RequestFactory().get("/", **headers)) == counted
