// A request as a form of the reference describes it. Nothing here touches the page.

/** What has to be sent; throws Error with a sentence for what cannot be. `fields` are { name, place, value, required }. */
export function requestOf({ method, path, needsKey }, fields, body, key) {
  let address = path;
  const query = new URLSearchParams();
  const headers = {};
  for (const { name, place, value, required } of fields) {
    if (!value && required) throw new Error(`${name} is required.`);
    if (!value) continue;
    if (place === "path") address = address.replace(`{${name}}`, encodeURIComponent(value));
    else if (place === "query") query.append(name, value);
    else headers[name] = value;
  }
  if (needsKey && !key) throw new Error("Enter an API key at the top of the page first.");
  if (needsKey) headers.Authorization = `Bearer ${key}`;
  if (body !== null) {
    parsed(body);
    headers["Content-Type"] = "application/json";
  }
  const search = query.toString();
  return { url: search ? `${address}?${search}` : address, init: { method, headers, body: body ?? undefined } };
}

function parsed(body) {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new Error(`The body is no JSON: ${error.message}`);
  }
}

/** The body of an answer as text to show; what is no text is named by its type. */
export async function shownBody(answer) {
  const type = answer.headers.get("content-type") ?? "";
  if (answer.status === 204 || answer.status === 304) return "";
  if (!/json|text|xml/.test(type)) return `(${type || "no content type"})`;
  const text = await answer.text();
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
