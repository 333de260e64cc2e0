"""A mailbox for tests that speaks as much IMAP as reading new mail needs."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

FETCH = re.compile(r"UID FETCH ([\d,]+) ", re.IGNORECASE)
STORE = re.compile(r"UID STORE ([\d,]+) ", re.IGNORECASE)


class Box(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def __init__(self, mails: list[bytes]) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.mails = dict(enumerate(mails, start=1))
        self.seen: set[int] = set()
        self.port = self.server_address[1]


class Talk(socketserver.StreamRequestHandler):
    server: Box

    def handle(self) -> None:
        self.say("* OK ready")
        while line := self.rfile.readline().decode(errors="replace").strip():
            tag, _space, command = line.partition(" ")
            if not self.answer(tag, command):
                return

    def answer(self, tag: str, command: str) -> bool:
        word = command.split(" ")[0].upper()
        if word == "CAPABILITY":
            self.say("* CAPABILITY IMAP4rev1")
        elif word == "LOGIN" and "secret" not in command:
            self.say(f"{tag} NO who are you")
            return True
        elif word == "SELECT":
            self.say(f"* {len(self.server.mails)} EXISTS")
        elif command.upper().startswith("UID SEARCH"):
            unseen = [uid for uid in self.server.mails if uid not in self.server.seen]
            self.say("* SEARCH " + " ".join(map(str, unseen)))
        elif found := FETCH.match(command):
            for uid in map(int, found.group(1).split(",")):
                raw = self.server.mails[uid]
                self.say(f"* {uid} FETCH (UID {uid} FLAGS () RFC822.SIZE {len(raw)} "
                         f"BODY[] {{{len(raw)}}}")  # fmt: skip
                self.wfile.write(raw + b")\r\n")
                if "PEEK" not in command.upper():  # as RFC 3501 has it
                    self.server.seen.add(uid)
        elif found := STORE.match(command):
            self.server.seen |= set(map(int, found.group(1).split(",")))
        elif word == "LOGOUT":
            self.say("* BYE")
            self.say(f"{tag} OK done")
            return False
        self.say(f"{tag} OK done")
        return True

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def running(mails: list[bytes]) -> Iterator[Box]:
    with Box(mails) as box:
        threading.Thread(target=box.serve_forever, daemon=True).start()
        yield box
        box.shutdown()
