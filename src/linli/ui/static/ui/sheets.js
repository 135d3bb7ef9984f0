// The desk's small helps: panels open as sheets over the page; without this file they open as pages.
const sheet = document.getElementById("sheet");
const inside = document.getElementById("sheet-in");

// Typing begins in the first field; not on a phone, where the keyboard would cover what is to be read first.
function begin() {
  const typing = matchMedia("(pointer: fine)").matches;
  const field = typing ? inside.querySelector("input:not([type=hidden], [type=file]), select, textarea") : null;
  (inside.querySelector("[data-focus]") ?? field)?.focus();
}

async function open(event) {
  const link = event.target.closest("a[data-sheet]");
  if (!link || !sheet || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  try {
    const answer = await fetch(link.href, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
    const led = answer.headers.get("HX-Redirect");
    if (led || answer.redirected || (!answer.ok && answer.status !== 422)) {
      location.href = led ?? link.href;
      return;
    }
    inside.innerHTML = await answer.text();
  } catch {
    location.href = link.href;
    return;
  }
  window.htmx?.process(inside);
  inside.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true, detail: { elt: inside } }));
  sheet.classList.toggle("sheet-wide", Boolean(link.dataset.wide !== undefined));
  sheet.showModal();
  begin();
}

document.addEventListener("click", open);
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print();
});
// A guessed item is taken over by the list below it.
document.addEventListener("change", (event) => {
  const id = event.target.dataset?.guess;
  const list = id && document.getElementById(id);
  if (!list) return;
  list.value = event.target.value;
  list.dispatchEvent(new Event("change", { bubbles: true }));
});
