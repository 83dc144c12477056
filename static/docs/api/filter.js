// Shows the operations whose method, address, summary or fields have every word that is asked for.

export function prepareFilter() {
  const input = document.getElementById("api-filter");
  input.addEventListener("input", () => filter(input.value));
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    // Else the key, once let go, would close again what it opened.
    event.preventDefault();
    const first = document.querySelector("details.operation:not([hidden])");
    if (first) { first.open = true; first.querySelector("summary").focus(); }
  });
}

function filter(query) {
  const wanted = query.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const subject of document.querySelectorAll("section.subject")) {
    let shown = 0;
    for (const operation of subject.querySelectorAll("details.operation")) {
      const isShown = wanted.every((word) => operation.dataset.words.includes(word));
      operation.hidden = !isShown;
      shown += isShown ? 1 : 0;
    }
    subject.hidden = !shown;
    count += shown;
  }
  const note = document.getElementById("api-nothing");
  note.textContent = !wanted.length ? "" : count ? `${count} ${count === 1 ? "operation" : "operations"}` : "No operation has that.";
}
