// Short words at the foot of the page, from the server by HX-Trigger: {"toast": {"text": …, "tone": …}}.
const STAY = 5000;

export function toast(text, tone = "info") {
  const box = document.querySelector("[data-toasts]");
  if (!box || !text) return;
  const line = document.createElement("div");
  line.className = `toast-line toast-${tone}`;
  line.textContent = text;
  box.append(line);
  leave(line, tone);
}

// An error stays until it is read; in elder mode nothing leaves by itself.
function leave(line, tone) {
  line.addEventListener("click", () => line.remove());
  const patient = tone === "bad" || document.documentElement.dataset.size === "elder";
  setTimeout(() => line.remove(), patient ? STAY * 4 : STAY);
}

export function toasts() {
  document.addEventListener("toast", (event) => {
    const { text, tone, value } = event.detail;
    toast(text ?? value, tone);
  });
  for (const line of document.querySelectorAll("[data-toasts] .toast-line")) {
    leave(line, line.classList.contains("toast-bad") ? "bad" : "info");
  }
}
