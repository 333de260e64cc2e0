"""Asks the web process of this container whether it is ready: `python -m config.ready`."""

import http.client
import os
import sys
from urllib.parse import urlsplit

PORT = 8000


def main() -> int:
    host = urlsplit(os.environ["BASE_URL"]).netloc  # the only one it answers to
    line = http.client.HTTPConnection("127.0.0.1", PORT, timeout=8)
    line.request("GET", "/readyz", headers={"Host": host})
    answer = line.getresponse()
    return 0 if answer.status == http.client.OK else 1


if __name__ == "__main__":
    sys.exit(main())
