"""Takes Framelane's webhooks with FastAPI: FRAMELANE_WEBHOOK_SECRET=whsec_… python fastapi_receiver.py"""

import os
import sqlite3
from contextlib import closing
from typing import Annotated

import uvicorn
from fastapi import Depends, FastAPI, HTTPException, Request
from framelane.webhooks import InvalidSignature, verify

SECRET = os.environ["FRAMELANE_WEBHOOK_SECRET"]
DATABASE = os.environ.get("EVENTS_DATABASE", "events.db")
MAX_BODY_BYTES = 1024 * 1024

app = FastAPI()


async def raw_body(request: Request) -> bytes:
    """The bytes as they came, not a model."""
    body = bytearray()
    async for block in request.stream():
        body += block
        if len(body) > MAX_BODY_BYTES:
            raise HTTPException(413)
    return bytes(body)


@app.post("/hooks/framelane", status_code=204)
def receive(request: Request, body: Annotated[bytes, Depends(raw_body)]) -> None:
    try:
        event = verify(body, request.headers, SECRET)
    except InvalidSignature:
        raise HTTPException(400, "the signature does not hold") from None
    if remember(event.id, body):
        print("new:", event.type, event.id, flush=True)


def remember(event_id: str, body: bytes) -> bool:
    """Write an event down for the code that does the work; False when it has come before."""
    with closing(sqlite3.connect(DATABASE)) as database, database:
        database.execute("CREATE TABLE IF NOT EXISTS events (id TEXT PRIMARY KEY, body BLOB NOT NULL)")
        return database.execute("INSERT OR IGNORE INTO events VALUES (?, ?)", (event_id, body)).rowcount == 1


if __name__ == "__main__":
    uvicorn.run(app, port=int(os.environ.get("PORT", "9000")))
