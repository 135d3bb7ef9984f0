// Dialogs, menus, the sidebar on phones, and asking before what cannot be undone.

function words(name) {
  return document.body.dataset[name] ?? "";
}

function button(kind, label, value) {
  const made = document.createElement("button");
  made.className = `btn ${kind}`;
  made.value = value;
  made.textContent = label;
  return made;
}

/** Ask in a dialog; resolves to true when confirmed. */
export function ask(question, danger = false) {
  const dialog = document.createElement("dialog");
  dialog.className = "sheet";
  dialog.setAttribute("role", "alertdialog");
  const form = document.createElement("form");
  form.method = "dialog";
  form.className = "sheet-in";
  const text = document.createElement("p");
  text.className = "ask-text";
  text.id = `ask-${Date.now()}`;
  text.textContent = question;
  dialog.setAttribute("aria-labelledby", text.id);
  const row = document.createElement("div");
  row.className = "sheet-do";
  row.append(button("btn-quiet", words("tCancel"), ""));
  row.append(button(danger ? "btn-bad" : "btn-primary", words("tSure"), "yes"));
  form.append(text, row);
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}

async function confirmSubmit(event) {
  const form = event.target;
  const pressed = event.submitter;
  const question = pressed?.dataset.confirm ?? form.dataset.confirm;
  if (!question || form.dataset.confirmed) {
    delete form.dataset.confirmed;
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  if (await ask(question, pressed?.classList.contains("btn-bad"))) {
    form.dataset.confirmed = "yes";
    form.requestSubmit(pressed ?? undefined);
  }
}

async function confirmLink(event) {
  const link = event.target.closest("a[data-confirm]");
  if (!link || event.defaultPrevented) return;
  event.preventDefault();
  if (await ask(link.dataset.confirm)) location.href = link.href;
}

function side(open) {
  const panel = document.getElementById("side");
  if (!panel) return;
  panel.classList.toggle("is-open", open);
  if (location.hash === "#side") history.replaceState(null, "", location.pathname + location.search);
  const target = open ? panel.querySelector("a, button") : document.querySelector("[data-side-open]");
  target?.focus();
}

function small(event) {
  const at = event.target;
  const opener = at.closest("[data-open]");
  if (opener) document.getElementById(opener.dataset.open)?.showModal?.();
  if (at.matches("dialog.sheet")) at.close();
  if (at.closest("[data-back]")) history.back();
  if (at.closest("[data-reload]")) location.reload();
  const move = at.closest("[data-side-open], [data-side-close]");
  if (move) {
    event.preventDefault();
    side(move.hasAttribute("data-side-open"));
  }
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(at)) menu.open = false;
  }
}

async function copy(event) {
  const pressed = event.target.closest("[data-copy]");
  if (!pressed) return;
  const { toast } = await import("./toasts.js");
  await navigator.clipboard?.writeText(pressed.dataset.copy);
  toast(pressed.dataset.done, "good");
}

function photo(event) {
  const link = event.target.closest("a[data-photo]");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const dialog = document.createElement("dialog");
  dialog.className = "sheet sheet-photo";
  const image = document.createElement("img");
  image.src = link.href;
  image.alt = link.querySelector("img")?.alt ?? "";
  const form = document.createElement("form");
  form.method = "dialog";
  form.append(button("btn-quiet", words("tClose"), ""));
  dialog.append(image, form);
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
}

export function dialogs() {
  document.addEventListener("submit", confirmSubmit, true);
  document.addEventListener("click", confirmLink);
  document.addEventListener("click", small);
  document.addEventListener("click", copy);
  document.addEventListener("click", photo);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else if (document.querySelector(".side.is-open")) side(false);
  });
}
