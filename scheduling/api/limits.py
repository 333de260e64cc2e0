"""How often one caller may use the API: counted in one atomic step a minute."""

import time

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from outreach.limits import client_address

MINUTE = 60


class CallsAMinute(BaseThrottle):
    """Signed-in callers by their account, all others by their address.

    While nothing can be counted, staff and readers go on; strangers' writes are refused.
    """

    def allow_request(self, request: Request, view: object) -> bool:
        if request.user.is_authenticated:
            caller, most = f"user:{request.user.pk}", settings.API_CALLS_A_MINUTE
        else:
            caller, most = client_address(request), settings.API_STRANGERS_CALLS_A_MINUTE
        key = f"api:{caller}:{int(time.time()) // MINUTE}"
        try:
            cache.add(key, 0, timeout=2 * MINUTE)
            return bool(cache.incr(key) <= most)
        except (RedisError, ValueError):
            return bool(request.user.is_authenticated or request.method in SAFE_METHODS)

    def wait(self) -> float:
        return MINUTE - time.time() % MINUTE
