// The form of a task: sliders beside numbers, the file that was just uploaded as the source, and no second click.

const FINE_SPAN = 1;

/** A slider for people who would rather drag; the number beside it stays what is sent. */
function slide(number) {
  const slider = document.createElement("input");
  slider.type = "range";
  slider.min = number.min;
  slider.max = number.max;
  slider.step = Number(number.max) - Number(number.min) > FINE_SPAN ? "0.1" : "0.01";
  slider.value = number.value;
  slider.disabled = number.disabled;
  slider.setAttribute("aria-label", `${document.querySelector(`label[for="${number.id}"]`).textContent}, as a slider`);
  slider.addEventListener("input", () => { number.value = slider.value; });
  number.addEventListener("input", () => { slider.value = number.value; });
  number.parentElement.classList.add("sliding");
  number.parentElement.append(slider);
}

for (const number of document.querySelectorAll("input[data-slider]")) slide(number);

document.body.addEventListener("uploaded", (event) => {
  const search = document.querySelector("#source-q");
  const asset = encodeURIComponent(event.detail?.id ?? "");
  if (search && asset) htmx.ajax("GET", `${search.getAttribute("hx-get")}?asset=${asset}`, { target: "#sources", swap: "outerHTML" });
});

document.querySelector("#task")?.addEventListener("submit", (event) => {
  const button = event.target.querySelector("#begin");
  if (button.getAttribute("aria-disabled") === "true") event.preventDefault();
  button.setAttribute("aria-disabled", "true");
});

// Coming back from the next page, the form can be sent again.
addEventListener("pageshow", () => document.querySelector("#begin")?.removeAttribute("aria-disabled"));
