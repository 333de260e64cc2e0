"""The ways out. Each raises one of two failures and nothing else."""


class TemporaryFailure(Exception):
    """Worth another try."""


class PermanentFailure(Exception):
    """Never going to work."""
