// Light or dark. The choice is the console's, too: a cookie keeps it, so that pages come in the right colours at once.

const COOKIE_LIFETIME_S = 365 * 24 * 3600;

export function prepareTheme() {
  const button = document.querySelector("[data-theme-toggle]");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const root = document.documentElement;
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);
  const draw = () => {
    button.classList.toggle("is-dark", isDark());
    button.setAttribute("aria-label", isDark() ? "Light colours" : "Dark colours");
  };
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `theme=${root.dataset.theme}; path=/; max-age=${COOKIE_LIFETIME_S}; samesite=lax${secure}`;
    draw();
  });
  dark.addEventListener("change", draw);
  button.hidden = false;
  draw();
}
