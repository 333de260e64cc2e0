"""What a person reads as one sentence."""


class BackupFailed(Exception):
    """Nothing new was kept; what was kept before is untouched."""


class CannotRestore(Exception):
    """Found before anything was touched."""
