// A sheet filled in like a table: Enter and arrows move, a column can be pasted, each cell is kept as soon as it is left.
import { done } from "../ui/draft.js";
import { toast } from "../ui/toasts.js";

const form = document.querySelector("[data-leaf-form]");
const say = form?.querySelector("[data-leaf-say]");
const waiting = new Set();
const WAIT = 700;
const MOVES = { ArrowDown: 1, ArrowUp: -1, Enter: 1 };
let timer;
let busy = false;

const fields = () => [...form.querySelectorAll(".cell-field")];
const cellOf = (field) => field.closest("td, th");

function rows() {
  return [...form.querySelectorAll("tbody tr")];
}

function fieldIn(row, column) {
  return [...row.querySelectorAll(".cell-field")].find((f) => f.dataset.column === column);
}

function go(field, step) {
  const all = rows();
  for (let at = all.indexOf(field.closest("tr")) + step; at >= 0 && at < all.length; at += step) {
    const next = fieldIn(all[at], field.dataset.column);
    if (next) {
      next.focus();
      next.select?.();
      return true;
    }
  }
  return false;
}

function beside(field, step) {
  const inRow = [...field.closest("tr").querySelectorAll(".cell-field")];
  inRow[inRow.indexOf(field) + step]?.focus();
}

function keys(event) {
  const field = event.target.closest(".cell-field");
  if (!field || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
  const select = field.matches("select");
  if (event.key in MOVES && !(select && event.key !== "Enter")) {
    event.preventDefault();
    const step = event.key === "Enter" && event.shiftKey ? -1 : MOVES[event.key];
    if (!go(field, step) && event.key === "Enter") field.blur();
  } else if (["ArrowLeft", "ArrowRight"].includes(event.key) && !select && field.type === "text") {
    const edge = event.key === "ArrowLeft" ? 0 : field.value.length;
    if (field.selectionStart === edge && field.selectionEnd === edge) beside(field, event.key === "ArrowLeft" ? -1 : 1);
  }
}

function put(field, text) {
  const words = text.trim();
  if (!words) return false;
  if (field.matches("select")) {
    const found = [...field.options].find((o) => o.value && (o.text.trim() === words || o.value === words));
    if (!found) return false;
    field.value = found.value;
  } else if (field.type === "date") {
    field.value = words.replace(/^(\d{4})[\u5e74./-](\d{1,2})[\u6708./-](\d{1,2})\u65e5?$/, (_all, y, m, d) => `${y}-${m.padStart(2, "0")}-${d.padStart(2, "0")}`);
    if (!field.value) return false;
  } else field.value = words;
  later(field);
  return true;
}

/** The lines of a pasted column, row by row from here; what stands there already is left as it is. */
function paste(event) {
  const field = event.target.closest(".cell-field");
  const text = event.clipboardData?.getData("text/plain") ?? "";
  const lines = text.replace(/\r/g, "").replace(/\n$/, "").split("\n");
  if (!field || (lines.length < 2 && !text.includes("\t"))) return;
  event.preventDefault();
  const columns = [...field.closest("tr").querySelectorAll(".cell-field, td[data-column], th[data-column]")].map((c) => c.dataset.column);
  const all = rows();
  const top = all.indexOf(field.closest("tr"));
  const left = columns.indexOf(field.dataset.column);
  let pasted = 0;
  let skipped = 0;
  lines.forEach((line, down) => {
    const row = all[top + down];
    if (!row) return;
    line.split("\t").forEach((words, right) => {
      const column = columns[left + right];
      const target = column && fieldIn(row, column);
      if (!words.trim()) return;
      if (target && put(target, words)) pasted += 1;
      else skipped += 1;
    });
  });
  const told = form.dataset.tPasted.replace("[n]", pasted) + (skipped ? form.dataset.tSkipped.replace("[n]", skipped) : "");
  toast(told, skipped ? "warn" : "good");
}

function later(field) {
  waiting.add(field);
  cellOf(field).classList.remove("is-saved", "is-wrong");
  cellOf(field).querySelector(".cell-wrong").textContent = "";
  clearTimeout(timer);
  timer = setTimeout(save, WAIT);
}

function show(field, body) {
  const cell = cellOf(field);
  const wrong = body.wrong?.[field.name];
  const line = cell.querySelector(".cell-wrong");
  cell.classList.toggle("is-wrong", Boolean(wrong));
  cell.classList.toggle("is-saved", !wrong);
  line.textContent = wrong?.[0] ?? "";
  if (!body.conflicts?.includes(field.name)) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-quiet btn-sm";
  button.textContent = form.dataset.tAnyway;
  button.addEventListener("click", () => save(null, [field], true));
  line.append(button);
}

async function save(_event, only, sure = false) {
  if (busy) {
    timer = setTimeout(save, WAIT);
    return;
  }
  const sent = (only ?? [...waiting]).filter((f) => f.value.trim());
  for (const field of only ?? [...waiting]) waiting.delete(field);
  if (!sent.length) return;
  busy = true;
  say.textContent = form.dataset.tSaving;
  const given = new FormData();
  given.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  for (const field of sent) given.append(field.name, field.value);
  if (sure) given.append("sure", "on");
  try {
    const answer = await fetch(form.action, { method: "POST", body: given, headers: { Accept: "application/json" }, credentials: "same-origin", keepalive: true });
    const json = answer.headers.get("Content-Type")?.startsWith("application/json");
    if (answer.status === 404) throw new Error("gone");
    if (answer.redirected || answer.status === 401 || !json) throw new Error(answer.status >= 500 ? "off" : "signin");
    const body = await answer.json();
    for (const field of sent) show(field, body);
    const whole = body.wrong?.__all__?.[0];
    const wrong = form.querySelectorAll(".is-wrong").length;
    say.textContent = whole ?? (wrong ? form.dataset.tPart.replace("[n]", wrong) : form.dataset.tSaved);
    say.classList.toggle("is-bad", Boolean(whole || wrong));
    if (whole) for (const field of sent) cellOf(field).classList.remove("is-saved");
    if (!waiting.size && !form.querySelector(".is-wrong") && !whole) done(form.dataset.draft);
  } catch (error) {
    for (const field of sent) waiting.add(field);
    say.textContent = { signin: form.dataset.tSignin, gone: form.dataset.tGone }[error.message] ?? form.dataset.tKept;
    say.classList.add("is-bad");
  }
  busy = false;
}

if (form && say) {
  form.addEventListener("keydown", keys);
  form.addEventListener("paste", paste);
  form.addEventListener("change", (event) => event.target.matches(".cell-field") && later(event.target));
  addEventListener("online", () => waiting.size && save());
  addEventListener("pagehide", () => waiting.size && save());
  form.addEventListener("submit", (event) => {
    if (!event.submitter) event.preventDefault();
  });
  if (fields().length && location.hash === "#leaf") fields()[0].focus({ preventScroll: true });
}
