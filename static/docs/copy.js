// A button on every block of code that copies it.

const SHOWN_MS = 1500;

/** A button that copies what `text()` gives when it is pressed. */
export function copyButton(text) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    button.textContent = (await copied(text())) ? "Copied" : "Not possible";
    setTimeout(() => { button.textContent = "Copy"; }, SHOWN_MS);
  });
  return button;
}

/** What a block holds; of a session in a terminal the commands alone. */
export function textOf(block) {
  const text = block.querySelector("code").textContent;
  if (block.dataset.language !== "console") return text.trimEnd();
  const commands = text.split("\n").filter((line) => /^[$#] /.test(line));
  return (commands.length ? commands.map((line) => line.slice(2)).join("\n") : text).trimEnd();
}

export function addCopyButtons(root) {
  for (const block of root.querySelectorAll(".code-block")) {
    block.querySelector("figcaption").append(copyButton(() => textOf(block)));
  }
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Without HTTPS browsers have no clipboard: an area that is selected for a moment does the same.
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}
