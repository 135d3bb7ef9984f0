// Confirming a form by clicking or by keys: the heading in hand is marked, the panel takes the focus, Escape gives it back.
const pane = document.getElementById("pane");

function inHand() {
  const key = pane?.querySelector("[data-key]")?.dataset.key;
  for (const one of document.querySelectorAll(".mark[aria-current]")) one.removeAttribute("aria-current");
  const mark = key && document.getElementById(`h-${key}`);
  if (!mark) return;
  mark.setAttribute("aria-current", "true");
  const desk = mark.closest(".desk-form");
  if (desk.getBoundingClientRect().top > 120) desk.scrollIntoView({ block: "start" });
  const frame = mark.closest(".frame");
  const box = mark.getBoundingClientRect();
  const around = frame.getBoundingClientRect();
  if (box.left < around.left + 24 || box.right > around.right - 24) frame.scrollLeft += box.left - around.left - around.width / 3;
  if (box.top < around.top || box.bottom > around.bottom) frame.scrollTop += box.top - around.top - around.height / 3;
}

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id !== "pane") return;
  inHand();
  const wrong = pane.querySelector(".wrong");
  const field = wrong && [...pane.querySelectorAll(".only input")].find((each) => each.offsetParent);
  (field ?? pane.querySelector("[data-focus]"))?.focus({ preventScroll: true });
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && pane?.contains(document.activeElement)) {
    document.querySelector(".mark[aria-current]")?.focus();
  }
  const mark = event.target.closest?.("a.mark");
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!mark || !step) return;
  const marks = [...document.querySelectorAll("a.mark")];
  marks[marks.indexOf(mark) + step]?.focus();
  event.preventDefault();
});
inHand();
