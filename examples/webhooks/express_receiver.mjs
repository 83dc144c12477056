// Takes Framelane's webhooks with Express: FRAMELANE_WEBHOOK_SECRET=whsec_… node express_receiver.mjs
import { DatabaseSync } from "node:sqlite"; // Node 22.13 or newer

import express from "express";
import { InvalidSignature, verifyWebhook } from "@framelane/sdk";

const secret = process.env.FRAMELANE_WEBHOOK_SECRET;
if (!secret) throw new Error("FRAMELANE_WEBHOOK_SECRET is not set");

const database = new DatabaseSync(process.env.EVENTS_DATABASE ?? "events.db");
database.exec("CREATE TABLE IF NOT EXISTS events (id TEXT PRIMARY KEY, body BLOB NOT NULL)");
const insert = database.prepare("INSERT OR IGNORE INTO events VALUES (?, ?)");

const app = express();

// express.raw hands over the bytes as they came. It stands before any express.json(), which would parse them.
app.post("/hooks/framelane", express.raw({ type: "application/json", limit: "1mb" }), async (request, response) => {
  let event;
  try {
    event = await verifyWebhook(request.body, request.headers, secret);
  } catch (error) {
    if (!(error instanceof InvalidSignature)) throw error;
    response.status(400).send("the signature does not hold");
    return;
  }
  if (remember(event.id, request.body)) console.log("new:", event.type, event.id);
  response.status(204).end();
});

app.use(express.json()); // for the other routes of your application

/** Writes an event down for the code that does the work; false when it has come before. */
function remember(id, body) {
  return insert.run(id, body).changes === 1;
}

const server = app.listen(Number(process.env.PORT ?? 9000), () => console.log("listening on", server.address().port));
