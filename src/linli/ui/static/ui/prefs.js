// Text size, night and language: kept in cookies so that the server draws the next page right.
const YEAR = 31536000;

function keep(name, value) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${name}=${value}; path=/; max-age=${YEAR}; samesite=lax${secure}`;
}

function night(theme) {
  if (theme === "dark" || theme === "light") return theme;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

function apply(name, value) {
  const root = document.documentElement;
  if (name === "lang") return location.reload();
  if (name === "size") root.dataset.size = value;
  if (name === "theme") {
    root.dataset.theme = value;
    root.dataset.bsTheme = night(value);
  }
  for (const button of document.querySelectorAll(`[data-prefs] button[name="${name}"]`)) {
    button.setAttribute("aria-pressed", String(button.value === value));
  }
  document.dispatchEvent(new CustomEvent("linli:looks"));
}

export function preferences() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-prefs] button[name]");
    if (!button) return;
    event.preventDefault();
    keep(button.name, button.value);
    apply(button.name, button.value);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    if (document.documentElement.dataset.theme === "auto") apply("theme", "auto");
  });
}
