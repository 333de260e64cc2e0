"""What is given from outside, by itself or as a file: it always wins over ours."""

import os


def is_given(name: str) -> bool:
    return name in os.environ or f"{name}_FILE" in os.environ
