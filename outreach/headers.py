"""Headers our own layers say something to each other with; none leaves the house."""

# Set by a view whose answer is the same bytes whoever asks; config.middleware takes it off.
SAME_FOR_EVERYONE = "X-Same-For-Everyone"
A_FILE, A_PAGE = "yes", "page"  # its values
