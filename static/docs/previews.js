// Short films: they run while the pointer is over them or, where there is none, while they are in the middle of the
// window. For those who want less motion they keep their controls and run when they are told to.

const still = matchMedia("(prefers-reduced-motion: reduce)");
const hovering = matchMedia("(hover: hover)");

export function playPreviews(root) {
  const films = root.querySelectorAll("video.preview");
  if (!films.length || still.matches) return;
  const watcher = new IntersectionObserver(seen, { rootMargin: "-25% 0px" });
  for (const film of films) {
    film.controls = false;
    film.tabIndex = 0;
    film.setAttribute("role", "img");
    if (hovering.matches) {
      film.addEventListener("pointerenter", () => start(film));
      film.addEventListener("pointerleave", () => film.pause());
    } else {
      watcher.observe(film);
    }
    film.addEventListener("focus", () => start(film));
    film.addEventListener("blur", () => film.pause());
    film.addEventListener("click", () => (film.paused ? start(film) : film.pause()));
  }
  still.addEventListener("change", () => { for (const film of films) { film.pause(); film.controls = still.matches; } });
}

function seen(entries) {
  for (const { target, isIntersecting } of entries) isIntersecting ? start(target) : target.pause();
}

/** Browsers may refuse, to save power; then the picture stays. */
function start(film) {
  if (!still.matches) film.play().catch(() => {});
}
