"""Takes Framelane's webhooks with Flask: FRAMELANE_WEBHOOK_SECRET=whsec_… python flask_receiver.py"""

import os
import sqlite3
from contextlib import closing

from flask import Flask, request
from framelane.webhooks import InvalidSignature, verify

SECRET = os.environ["FRAMELANE_WEBHOOK_SECRET"]
DATABASE = os.environ.get("EVENTS_DATABASE", "events.db")

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 1024 * 1024  # larger bodies are answered with 413


@app.post("/hooks/framelane")
def receive() -> tuple[str, int]:
    body = request.get_data()  # the bytes as they came, not request.json
    try:
        event = verify(body, request.headers, SECRET)
    except InvalidSignature:
        return "the signature does not hold", 400
    if remember(event.id, body):
        print("new:", event.type, event.id, flush=True)
    return "", 204


def remember(event_id: str, body: bytes) -> bool:
    """Write an event down for the code that does the work; False when it has come before."""
    with closing(sqlite3.connect(DATABASE)) as database, database:
        database.execute("CREATE TABLE IF NOT EXISTS events (id TEXT PRIMARY KEY, body BLOB NOT NULL)")
        return database.execute("INSERT OR IGNORE INTO events VALUES (?, ?)", (event_id, body)).rowcount == 1


if __name__ == "__main__":
    app.run(port=int(os.environ.get("PORT", "9000")))
