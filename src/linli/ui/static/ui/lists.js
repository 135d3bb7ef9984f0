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

// Many choices are found by a few letters; a list of chosen ones is put in order. Without scripts all are shown as they are.
function sift(field) {
  const box = field.closest("[data-sift]");
  const words = field.value.trim().toLowerCase();
  let any = false;
  for (const set of box.querySelectorAll(".pick-set")) {
    let some = false;
    for (const each of set.querySelectorAll(".choice, .chip")) {
      const fits = each.textContent.toLowerCase().includes(words);
      (each.closest("[data-move-row]") ?? each).hidden = !fits;
      some ||= fits;
    }
    set.hidden = !some;
    any ||= some;
  }
  box.querySelector("[data-sift-none]").hidden = any;
}

function move(button) {
  const row = button.closest("[data-move-row]");
  const back = button.dataset.move === "-1";
  const other = back ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  if (back) other.before(row);
  else other.after(row);
  button.focus();
}

/** Show what only scripts can do: finding among many choices, putting chosen ones in order. */
export function sifts(root) {
  for (const each of root.querySelectorAll("[data-sift-box], [data-move]")) each.hidden = false;
}

export function lists() {
  document.addEventListener("input", (event) => event.target.matches("[data-sift-words]") && sift(event.target));
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (button) move(button);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("[data-sift-words]")) event.preventDefault();
  });
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
