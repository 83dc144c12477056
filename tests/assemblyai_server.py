"""A stand-in for AssemblyAI: a real HTTP server on loopback that speaks as much of its protocol as the SDK uses.

Upload, create, ask, delete, with the service's errors. `python -m tests.assemblyai_server` runs one to play with.
"""

import json
import sys
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, Self

KEY = "0123456789abcdef0123456789abcdef"
WRONG_KEY = "Authentication error, API token missing/invalid"
SENTENCE = "Framelane makes films. It also writes down what is said in them, word by word."
RESULTS = {
    "sentiment_analysis": (
        "sentiment_analysis_results",
        [{"text": "Framelane makes films.", "start": 0, "end": 1200, "sentiment": "POSITIVE", "confidence": 0.9}],
    ),
    "entity_detection": (
        "entities",
        [{"entity_type": "organization", "text": "Framelane", "start": 0, "end": 400}],
    ),
    "auto_highlights": (
        "auto_highlights_result",
        {
            "status": "success",
            "results": [{"count": 1, "rank": 0.1, "text": "films", "timestamps": [{"start": 800, "end": 1200}]}],
        },
    ),
    "content_safety": ("content_safety_labels", {"status": "success", "results": [], "summary": {}}),
    "iab_categories": (
        "iab_categories_result",
        {"status": "success", "results": [], "summary": {"Technology&Computing": 0.9}},
    ),
}


def words_of(text: str, *, speakers: str = "", word_ms: int = 400) -> list[dict[str, Any]]:
    """A word every `word_ms` milliseconds, spoken by each of `speakers` for a sentence in turn."""
    words, sentence = [], 0
    for index, word in enumerate(text.split()):
        speaker = speakers[sentence % len(speakers)] if speakers else None
        start = index * word_ms
        words.append(
            {"text": word, "start": start, "end": start + word_ms - 20, "confidence": 0.98, "speaker": speaker}
        )
        sentence += word.endswith((".", "?", "!"))
    return words


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to a request instead of its answer. A silent one is never answered; `late_s` answers it late."""

    status: int = 0
    error: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    late_s: float = 0.0
    silent: bool = False
    broken_off: bool = False


class AssemblyAiServer:
    """The service. Faults are put before requests by `fail`; everything that was asked is in `requests`."""

    def __init__(self, *, key: str = KEY, text: str = SENTENCE, polls: int = 2) -> None:
        self.key = key
        self.text = text
        self.polls = polls
        self.error: str | None = None
        self.result: dict[str, Any] = {}
        self.requests: list[tuple[str, str]] = []
        self.uploads: list[bytes] = []
        self.created: list[dict[str, Any]] = []
        self.deleted: list[str] = []
        self.kept: dict[str, dict[str, Any]] = {}
        self.closing = Event()
        self._asked: defaultdict[str, int] = defaultdict(int)
        self._faults: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def fail(self, what: str, *faults: Fault, times: int = 1) -> None:
        """Put faults before the next requests of a kind: `upload`, `create`, `ask` or `delete`."""
        self._faults[what].extend(faults * times)

    def count(self, what: str) -> int:
        """How many requests of a kind have come."""
        return sum(kind == what for kind, _ in self.requests)

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()

    def fault(self, what: str) -> Fault | None:
        faults = self._faults[what]
        return faults.popleft() if faults else None

    def upload(self, body: bytes) -> tuple[int, dict[str, Any]]:
        self.uploads.append(body)
        if not body:
            return 422, {"error": "Upload failed, please try again. If you continue to have issues please reach out"}
        return 200, {"upload_url": f"https://cdn.assemblyai.com/upload/{len(self.uploads)}"}

    def create(self, wanted: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if not str(wanted.get("audio_url", "")).startswith("https://cdn.assemblyai.com/upload/"):
            return 400, {"error": "audio_url should start with http"}
        if wanted.get("language_code") and wanted.get("language_detection"):
            return 400, {"error": "language_code cannot be used together with language_detection"}
        transcript = {**wanted, "id": f"tr-{len(self.created)}", "status": "queued"}
        self.created.append(wanted)
        self.kept[transcript["id"]] = transcript
        return 200, transcript

    def ask(self, transcript_id: str) -> tuple[int, dict[str, Any]]:
        transcript = self.kept.get(transcript_id)
        if transcript is None:
            return 404, {"error": "Transcript lookup error, transcript id not found"}
        self._asked[transcript_id] += 1
        if self._asked[transcript_id] <= self.polls:
            return 200, {**transcript, "status": "queued" if self._asked[transcript_id] == 1 else "processing"}
        if self.error is not None:
            return 200, {**transcript, "status": "error", "error": self.error}
        return 200, {**transcript, **self._heard(transcript), **self.result}

    def delete(self, transcript_id: str) -> tuple[int, dict[str, Any]]:
        transcript = self.kept.pop(transcript_id, None)
        if transcript is None:
            return 404, {"error": "Transcript lookup error, transcript id not found"}
        self.deleted.append(transcript_id)
        return 200, {**transcript, "status": "completed", "text": "Deleted by user."}

    def _heard(self, wanted: dict[str, Any]) -> dict[str, Any]:
        words = words_of(self.text, speakers="AB" if wanted.get("speaker_labels") else "")
        results = dict(RESULTS[option] for option in RESULTS if wanted.get(option))
        return {
            "status": "completed",
            "text": self.text,
            "words": words,
            "utterances": _utterances(words) if wanted.get("speaker_labels") else None,
            "language_code": wanted.get("language_code", "en_us"),
            "speech_model_used": (wanted.get("speech_models") or ["nano"])[0],
            "audio_duration": 7,
            **results,
        }


def _utterances(words: list[dict[str, Any]]) -> list[dict[str, Any]]:
    runs: list[list[dict[str, Any]]] = []
    for word in words:
        if not runs or runs[-1][-1]["speaker"] != word["speaker"]:
            runs.append([])
        runs[-1].append(word)
    return [
        {**run[0], "end": run[-1]["end"], "text": " ".join(word["text"] for word in run), "words": run} for run in runs
    ]


def _handler(service: AssemblyAiServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def do_POST(self) -> None:
            body = self._body()
            what = {"/v2/upload": "upload", "/v2/transcript": "create"}.get(self.path, "")
            if self._is_fine(what):
                upload = what == "upload"
                self._answer(*(service.upload(body) if upload else service.create(json.loads(body))))

        def do_GET(self) -> None:
            if self._is_fine("ask"):
                self._answer(*service.ask(self.path.rpartition("/")[2]))

        def do_DELETE(self) -> None:
            if self._is_fine("delete"):
                self._answer(*service.delete(self.path.rpartition("/")[2]))

        def _body(self) -> bytes:
            if self.headers.get("Transfer-Encoding") == "chunked":
                raise AssertionError("the client knows the length of what it sends")
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))

        def _is_fine(self, what: str) -> bool:
            """Whether the request is to be answered as it should be; else it has been dealt with."""
            service.requests.append((what, self.path))
            fault = service.fault(what)
            if fault is not None:
                return self._fail(fault)
            if not what:
                self._answer(404, {"error": "Not found"})
            elif self.headers.get("Authorization") != service.key:
                self._answer(401, {"error": WRONG_KEY})
            else:
                return True
            return False

        def _fail(self, fault: Fault) -> bool:
            if fault.silent:
                service.closing.wait(30)
            if fault.late_s:
                service.closing.wait(fault.late_s)
                return True
            if fault.silent or fault.broken_off:
                self.close_connection = True
                return False
            error = {} if fault.error is None else {"error": fault.error}
            self._answer(fault.status, error, fault.headers, fault.body)
            return False

        def _answer(
            self, status: int, data: dict[str, Any], headers: dict[str, str] | None = None, body: bytes | None = None
        ) -> None:
            body = json.dumps(data).encode() if body is None else body
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    return Handler


def main() -> int:
    with AssemblyAiServer() as server:
        print(f"FRAMELANE_ASSEMBLYAI_BASE_URL={server.url} FRAMELANE_ASSEMBLYAI_API_KEY={KEY}", flush=True)
        while True:
            time.sleep(3600)


if __name__ == "__main__":
    sys.exit(main())
