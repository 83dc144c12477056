"""Gives upload addresses to the page upload.html: FRAMELANE_API_KEY=fl_live_… python server.py"""

import os
from pathlib import Path
from typing import Any

import httpx
from flask import Flask, Response, request, send_file

from framelane import ApiError, Framelane

PORT = int(os.environ.get("PORT", "9100"))
ORIGIN = os.environ.get("ORIGIN", f"http://127.0.0.1:{PORT}")  # of the page, as browsers write it

app = Flask(__name__)
# Sent when an upload is opened, this header binds it to the page: browsers may send the file from there alone.
framelane = Framelane(http_client=httpx.Client(headers={"Origin": ORIGIN}))


@app.get("/")
def page() -> Response:
    return send_file(Path(__file__).with_name("upload.html"))


@app.post("/uploads")
def open_upload() -> tuple[dict[str, Any], int]:
    # Here your application asks who is signed in, and how much they may upload.
    file = request.get_json()
    try:
        upload = framelane.uploads.create(content_type=file["content_type"], filename=file["filename"])
    except ApiError as error:
        return {"message": error.message}, error.status
    return upload.model_dump(mode="json"), 201


if __name__ == "__main__":
    app.run(port=PORT)
