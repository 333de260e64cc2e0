"""What every operation may answer besides: said once for all of them."""

from typing import Any

ANYWHERE = {
    "400": "The call is wrong; the words stand at the field.",
    "401": "Nobody is signed in, or the token is not valid any more.",
    "403": "Not open to this account.",
    "404": "There is nothing here, or nothing this account may know of.",
    "405": "This address takes other methods.",
    "406": "The answer cannot be given in this form.",
    "415": "The body is not JSON.",
    "429": "Too many calls within a minute.",
    "503": "The records cannot be reached; Retry-After says when to try again.",
}


def add_refusals(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """A hook of the schema: after everything else."""
    body = {"application/json": {"schema": {"type": "object", "additionalProperties": {}}}}
    for operations in result["paths"].values():
        for operation in operations.values():
            for status, words in ANYWHERE.items():
                operation["responses"].setdefault(status, {"description": words, "content": body})
    return result
