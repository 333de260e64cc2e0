"""Who gets what at every address: one row for each name and method.

The answers stand in the order of ROLES. A survey of a beat is nobody's but its pair's and the
sergeant's, and an unknown id looks the same as one that is not yours: 404.
"""

from tests.permissions import accounts, calendars, events, people, public, records, staff
from tests.permissions.accounts import ELSEWHERE
from tests.permissions.table import ROLES

__all__ = ["ELSEWHERE", "ROLES", "TABLE"]
# In this order: a POST may change what a later one would see.
TABLE = {
    key: answers
    for part in (public, staff, events, people, accounts, calendars, records)
    for key, answers in part.TABLE.items()
}
