"""Looks at an installation and says in plain words what holds: `manage.py doctor`.

A check is one function of an Asked that gives findings; it is run when it stands in checks.CHECKS.
"""
