"""What must hold of the secret key before anything starts."""

SHORTEST = 32
FEWEST_LETTERS = 10  # different ones
# Of examples, of templates that people copy, and of our own image while it was built.
KNOWN = (
    "django-insecure-",
    "changeme",
    "change-me",
    "change_me",
    "secret-key",
    "secret_key",
    "secretkey",
    "only-while-building",
    "50 random letters",
    "insecure",
    "password",
)


def why_known(key: str) -> str:
    """Why a key could be guessed; empty for one that looks random."""
    if len(key) < SHORTEST:
        return "is too short to be random: give it 50 characters"
    if any(word in key.lower() for word in KNOWN):
        return "is one that others know: make 50 random characters"
    if len(set(key)) < FEWEST_LETTERS:
        return "repeats itself: make 50 random characters"
    return ""
