// Lists by keyboard and in bulk. Rows are `tr` or `.item` inside `[data-list]`, or the rows of `table.rows`.

const typing = (el) => el.matches("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");

function rows() {
  return [...document.querySelectorAll("table.rows tbody tr, [data-list] .item")].filter((r) => r.offsetParent);
}

let here = null;

function go(step) {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(here);
  const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
  here?.classList.remove("is-here");
  here = next;
  here.classList.add("is-here");
  const link = here.matches("a") ? here : here.querySelector("a[href]");
  (link ?? here).focus({ preventScroll: true });
  here.scrollIntoView({ block: "nearest" });
}

function mark(form) {
  const picks = [...form.querySelectorAll("[data-pick]")];
  const on = picks.filter((p) => p.checked);
  for (const pick of picks) pick.closest("tr, .item")?.classList.toggle("is-picked", pick.checked);
  const all = form.querySelector("[data-pick-all]");
  if (all) {
    all.checked = on.length > 0 && on.length === picks.length;
    all.indeterminate = on.length > 0 && on.length < picks.length;
  }
  const bar = form.querySelector("[data-bulk-bar]");
  if (!bar) return;
  bar.classList.toggle("is-on", on.length > 0);
  bar.querySelector("[data-bulk-count]").textContent = on.length;
}

function changed(event) {
  const form = event.target.closest("form");
  if (!form) return;
  if (event.target.matches("[data-pick-all]")) {
    for (const pick of form.querySelectorAll("[data-pick]")) pick.checked = event.target.checked;
  } else if (!event.target.matches("[data-pick]")) return;
  mark(form);
}

function clear(form) {
  for (const pick of form.querySelectorAll("[data-pick]")) pick.checked = false;
  mark(form);
}

function pick() {
  const box = here?.querySelector("[data-pick]");
  if (box) box.click();
}

function search() {
  const field = document.querySelector("[data-search]") ?? document.querySelector('form[role="search"] input');
  field?.focus();
  field?.select?.();
  return Boolean(field);
}

// Answers below the box on top: arrows walk through them, Escape leaves them.
function found(event) {
  const form = event.target.closest?.("[data-find]");
  if (!form || !["ArrowDown", "ArrowUp", "Escape"].includes(event.key)) return false;
  const field = form.querySelector("[data-search]");
  const links = [...form.querySelectorAll(".found a")];
  if (event.key === "Escape") {
    form.querySelector(".found").replaceChildren();
    field.focus();
  } else {
    const at = links.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    (at < 0 ? field : (links[Math.min(at, links.length - 1)] ?? field)).focus();
  }
  event.preventDefault();
  return true;
}

const keys = {
  j: () => go(1),
  k: () => go(-1),
  x: pick,
  "/": search,
  "?": () => document.getElementById("keys")?.showModal?.(),
};

function pressed(event) {
  if (event.target.closest?.("[data-find]")?.querySelector(".found a") && found(event)) return;
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") {
    if (event.target.matches?.("[data-search]")) event.target.blur();
    for (const bar of document.querySelectorAll(".bulk.is-on")) clear(bar.closest("form"));
    return;
  }
  if (typing(event.target) || !keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
}

export function lists() {
  document.addEventListener("change", changed);
  document.addEventListener("keydown", pressed);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-find]")) document.querySelector("#found")?.replaceChildren();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-bulk-clear]");
    if (button) clear(button.closest("form"));
  });
  for (const bar of document.querySelectorAll("[data-bulk-bar]")) {
    const form = bar.closest("form");
    if (form) mark(form);
  }
}
