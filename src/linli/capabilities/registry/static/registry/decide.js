// Deciding by keyboard: j and k move between the cards, the numbers press the buttons of the one in hand.
const cards = [...document.querySelectorAll("[data-decide]")];
let at = -1;

function go(step) {
  if (!cards.length) return;
  at = Math.min(cards.length - 1, Math.max(0, at + step));
  cards[at].focus();
  cards[at].scrollIntoView({ block: "nearest" });
}

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target.closest?.("input, textarea, select")) return;
  if (event.key === "j" || event.key === "k") {
    event.preventDefault();
    event.stopImmediatePropagation();
    go(event.key === "j" ? 1 : -1);
    return;
  }
  const card = event.target.closest?.("[data-decide]") ?? cards[at];
  card?.querySelector(`[data-key="${CSS.escape(event.key)}"]`)?.click();
}

document.addEventListener("keydown", pressed, true);
document.addEventListener("focusin", (event) => {
  const card = event.target.closest?.("[data-decide]");
  if (card) at = cards.indexOf(card);
});
// After a decision the next one lies at hand.
if (cards.length && location.search.includes("said=")) go(1);
