"""A client of language servers: a process, its pipes, and JSON-RPC as the specification frames it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from queue import Empty, Queue
from typing import IO, Any

WAIT = 60.0  # seconds that an answer may take before the server counts as hung
_CAPABILITIES = {"textDocument": {"rename": {"prepareSupport": True}}}


class ServerError(Exception):
    """An error that the server answered: its code and its message."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


class Client:
    """A server that is asked over its pipes. `told`: the findings it published last, by URI."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "mailweave", "lsp", "--stdio"]
        self._process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self._answers: Queue[dict[str, Any]] = Queue()
        self._published: Queue[dict[str, Any]] = Queue()
        self.told: dict[str, list[dict[str, Any]]] = {}
        self._count = 0
        self._versions: dict[str, int] = {}
        assert self._process.stdout is not None
        threading.Thread(target=self._read, args=(self._process.stdout,), daemon=True).start()
        params = {"processId": None, "rootUri": folder.as_uri(), "capabilities": _CAPABILITIES}
        self.capabilities = self.ask("initialize", params)["capabilities"]
        self.tell("initialized", {})

    def ask(self, method: str, params: dict[str, Any]) -> Any:
        """The answer to a request. Raises ServerError, and Empty where none comes."""
        self._count += 1
        self._send({"jsonrpc": "2.0", "id": self._count, "method": method, "params": params})
        answer = self._answers.get(timeout=WAIT)
        if "error" in answer:
            raise ServerError(answer["error"]["code"], answer["error"]["message"])
        return answer["result"]

    def tell(self, method: str, params: dict[str, Any]) -> None:
        """A notification, which has no answer."""
        self._send({"jsonrpc": "2.0", "method": method, "params": params})

    def open(self, file: Path, text: str | None = None) -> str:
        """Opens a file, as saved or as typed; its URI."""
        uri, shown = file.as_uri(), file.read_text(encoding="utf-8") if text is None else text
        document = {"uri": uri, "languageId": "mailweave-rules", "version": 0, "text": shown}
        self._versions[uri] = 0
        self.tell("textDocument/didOpen", {"textDocument": document})
        return uri

    def type(self, uri: str, changes: list[dict[str, Any]]) -> None:
        """Changes of an open text, in order."""
        self._versions[uri] += 1
        document = {"uri": uri, "version": self._versions[uri]}
        self.tell("textDocument/didChange", {"textDocument": document, "contentChanges": changes})

    def at(self, method: str, uri: str, line: int, character: int, **more: Any) -> Any:
        """The answer to a question about a place."""
        params = {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}, **more}
        return self.ask(f"textDocument/{method}", params)

    def findings(self, uri: str, wanted: Any = None) -> list[dict[str, Any]]:
        """What is published of a file next; with `wanted`, the first that this holds for. Raises Empty."""
        while True:
            published = self._published.get(timeout=WAIT)
            found: list[dict[str, Any]] = published["diagnostics"]
            self.told[published["uri"]] = found
            if published["uri"] == uri and (wanted is None or wanted(found)):
                return found

    def is_silent(self, seconds: float) -> bool:
        """Whether nothing is published for a while."""
        try:
            self._published.get(timeout=seconds)
        except Empty:
            return True
        return False

    def close(self) -> int:
        """Shuts the server down as the protocol says; its exit code."""
        self.ask("shutdown", {})
        self.tell("exit", {})
        return self._process.wait(timeout=WAIT)

    def kill(self) -> None:
        """Ends it, whatever it does."""
        self._process.kill()
        self._process.wait()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def _send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        body = json.dumps(message).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _read(self, stream: IO[bytes]) -> None:
        while (message := _message(stream)) is not None:
            if "method" not in message:
                self._answers.put(message)
            elif message["method"] == "textDocument/publishDiagnostics":
                self._published.put(message["params"])


def _message(stream: IO[bytes]) -> dict[str, Any] | None:
    """The next message of a stream; None at its end."""
    length = 0
    while (line := stream.readline()) not in (b"\r\n", b""):
        name, _, value = line.partition(b":")
        length = int(value) if name.lower() == b"content-length" else length
    if not length:
        return None
    message: dict[str, Any] = json.loads(stream.read(length))
    return message
