// The forms that send operations, and what came back.

import { requestOf, shownBody } from "./request.js";

const TIMEOUT_MS = 60000;

export function prepareForms() {
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form.try")) return;
    event.preventDefault();
    send(event.target);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.closest?.("form.try")?.requestSubmit();
  });
}

async function send(form) {
  const state = form.querySelector(".try-state");
  const button = form.querySelector("button[type=submit]");
  if (button.getAttribute("aria-disabled") === "true") return;
  let request;
  try {
    request = requestOf(operationOf(form), fieldsOf(form), form.querySelector("[data-body]")?.value ?? null, key());
  } catch (error) {
    state.textContent = error.message;
    return;
  }
  state.textContent = "Sending …";
  button.setAttribute("aria-disabled", "true");
  const begun = performance.now();
  try {
    // A file behind a redirect lies elsewhere, and is not for this page: the redirect itself is shown.
    const answer = await fetch(request.url, { ...request.init, credentials: "omit", redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) });
    show(form, answer, await shownBody(answer), performance.now() - begun);
    state.textContent = "";
  } catch (error) {
    state.textContent = error.name === "TimeoutError" ? "No answer within a minute." : `Nothing came back: ${error.message}`;
  } finally {
    button.removeAttribute("aria-disabled");
  }
}

function operationOf(form) {
  const { method, path, needsKey } = form.closest("details.operation").dataset;
  return { method, path, needsKey: needsKey !== undefined };
}

function fieldsOf(form) {
  return [...form.querySelectorAll("[data-place]")].map((input) => {
    const value = input.value.trim();
    input.setAttribute("aria-invalid", String(input.required && !value));
    return { name: input.name, place: input.dataset.place, value, required: input.required };
  });
}

function key() {
  return document.getElementById("api-key").value.trim();
}

function show(form, answer, body, elapsedMs) {
  const box = form.querySelector(".try-answer");
  const line = box.querySelector(".status-line");
  const isRedirect = answer.type === "opaqueredirect";
  const status = isRedirect ? "302 redirect to the file" : `${answer.status} ${answer.statusText}`.trim();
  line.textContent = `${status} · ${Math.round(elapsedMs)} ms`;
  line.className = `status-line ${answer.ok || isRedirect ? "good" : "bad"}`;
  box.querySelector("[data-headers]").textContent = [...answer.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
  const shown = box.querySelector("[data-answer]");
  shown.textContent = body;
  shown.hidden = !body;
  box.querySelector("details").hidden = isRedirect;
  box.hidden = false;
}
