"""What may stand in a log line: ids, never the keys that open somebody's page."""

import re
from collections.abc import MutableMapping
from typing import Any

# A link's token: the id of its row and its signature, in hexadecimal.
TOKEN = re.compile(r"[0-9a-f]{32}[0-9a-f]{40}")


def hide_tokens(
    logger: Any, method: str, line: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """A processor: a token in the text becomes an ellipsis."""
    line["event"] = TOKEN.sub("…", str(line["event"]))
    return line
