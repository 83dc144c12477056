// What every page of the console does: moments as "3 minutes ago", copying, and the theme that was chosen.

const UNITS = [["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60]];
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

/** How long ago a moment was, in the reader's language. */
function ago(at) {
  const elapsed = (at.getTime() - Date.now()) / 1000;
  const unit = UNITS.find(([, length]) => Math.abs(elapsed) >= length);
  return unit ? relative.format(Math.round(elapsed / unit[1]), unit[0]) : relative.format(Math.round(elapsed), "second");
}

function drawMoments(root) {
  for (const time of root.querySelectorAll("time[data-ago]")) {
    const at = new Date(time.dateTime);
    time.textContent = ago(at);
    time.title = exact.format(at);
  }
}

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
  const label = button.querySelector("[data-label]") ?? button;
  const before = label.textContent;
  label.textContent = "Copied";
  setTimeout(() => { label.textContent = before; }, 1500);
}

/** Shows the frames of a hover strip while the pointer moves over a poster: data-strip is its address. */
function showStrip(thumb, fraction) {
  const strip = thumb.querySelector(".strip");
  const frames = Number(thumb.dataset.frames);
  if (!strip.classList.contains("loaded")) {
    strip.style.backgroundImage = `url("${encodeURI(decodeURI(thumb.dataset.strip))}")`;
    strip.style.backgroundSize = `${frames * 100}% 100%`;
    strip.classList.add("loaded");
  }
  const index = Math.min(frames - 1, Math.max(0, Math.floor(fraction * frames)));
  strip.style.backgroundPosition = frames > 1 ? `${(index / (frames - 1)) * 100}% 0` : "0 0";
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
});

document.addEventListener("pointermove", (event) => {
  const thumb = event.target.closest?.(".thumb[data-strip]");
  if (!thumb) return;
  const box = thumb.getBoundingClientRect();
  showStrip(thumb, (event.clientX - box.left) / box.width);
});

document.addEventListener("htmx:load", (event) => drawMoments(event.detail.elt));
drawMoments(document);
setInterval(() => drawMoments(document), 15000);

const themeButton = document.querySelector('button[name="theme"]');
if (themeButton && !document.documentElement.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches) {
  themeButton.value = "light";
  themeButton.setAttribute("aria-label", "Light colours");
}
