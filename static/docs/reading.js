// Where the reader is: in the list of headings, and in that of the pages.

/** A table that needs no scrolling is no stop for the keyboard. */
export function freeNarrowTables() {
  const watcher = new ResizeObserver((entries) => { for (const { target } of entries) stop(target); });
  for (const box of document.querySelectorAll(".table-scroll, .code-block pre")) watcher.observe(box);
}

function stop(box) {
  const scrolls = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight;
  if (scrolls) box.tabIndex = 0;
  else if (document.activeElement !== box) box.removeAttribute("tabindex");
}

/** Marks the heading that the reader has come to. */
export function followHeadings() {
  const links = new Map([...document.querySelectorAll(".docs-toc a")].map((link) => [link.hash.slice(1), link]));
  const headings = [...links.keys()].map((id) => document.getElementById(decodeURIComponent(id))).filter(Boolean);
  if (!headings.length) return;
  let waiting = false;
  const mark = () => {
    waiting = false;
    const passed = headings.filter((heading) => heading.getBoundingClientRect().top < 120);
    const current = passed.at(-1);
    for (const [id, link] of links) {
      if (current && id === current.id) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  addEventListener("scroll", () => { if (!waiting) { waiting = true; requestAnimationFrame(mark); } }, { passive: true });
  mark();
}

/** Long navigation starts where the page is. */
export function showCurrentLink() {
  const link = document.querySelector(".docs-nav [aria-current]");
  const nav = link?.closest(".docs-nav");
  if (nav && nav.scrollHeight > nav.clientHeight) nav.scrollTop = link.offsetTop - nav.clientHeight / 2;
}
