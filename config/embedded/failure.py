"""The one failure a person should read as a sentence, not as a traceback."""


class CannotStart(Exception):
    """Something outside this program stands in the way; the text says what to do about it."""
