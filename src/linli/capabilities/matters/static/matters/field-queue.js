// The queue's page: each entry, its state and what the worker can do about it.
import { ask } from "../ui/dialogs.js";
import { all, drop, put, uuid } from "./field-store.js";
import { publish, send, words } from "./field-send.js";

const list = document.querySelector("[data-queue]:not(meta)");
const signin = document.querySelector("main [data-signin]");
const told = document.querySelector('meta[name="linli-worker"]');
const TONES = { waiting: "info", sending: "info", done: "good", conflict: "bad", refused: "bad", held: "warn", other: "warn" };

function made(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

function button(text, kind, work) {
  const element = made("button", `btn ${kind}`, text);
  element.type = "button";
  element.addEventListener("click", work);
  return element;
}

async function remove(entry) {
  if (entry.state !== "done" && !(await ask(words.sure, true))) return;
  await drop(entry.seq);
  await publish("ok");
  send();
}

async function retry(entry, anyway) {
  entry.state = "waiting";
  // a new token: what was refused under the old one was never done
  if (anyway) {
    if (entry.address) entry.payload.sure = "on";
    else entry.payload.seen = "";
    entry.token = uuid();
  }
  await put(entry);
  await send();
}

// Only the pictures that cannot be taken go; what was written and the other pictures are sent.
async function without(entry) {
  entry.photos = entry.photos.filter((photo) => !photo.bad);
  await retry(entry, false);
}

function doings(entry) {
  const row = made("div", "queue-do");
  if (entry.state === "refused" && entry.photos.some((photo) => photo.bad)) row.append(button(words.without, "btn-primary", () => without(entry)));
  // sent again it is done only where it was merely seen too early; a step that the state bars stays barred
  if (entry.state === "conflict" && entry.code === "changed") {
    row.append(button(words.anyway, "btn-quiet", () => retry(entry, true)));
  } else if (entry.state === "refused" && entry.verb === "report") {
    const link = made("a", "btn btn-quiet", words.edit);
    link.href = `${told.dataset.scope}report/?entry=${entry.seq}`;
    row.append(link);
  } else if (entry.state === "refused" && entry.address) {
    const link = made("a", "btn btn-quiet", words.edit);
    link.href = `${entry.address}?entry=${entry.seq}`;
    row.append(link);
  } else if (!["done", "sending", "conflict"].includes(entry.state)) {
    row.append(button(words.retry, "btn-quiet", () => retry(entry, false)));
  }
  const number = entry.number ?? entry.result?.number;
  if (number) {
    const link = made("a", "btn btn-quiet", words.open);
    link.href = `${told.dataset.scope}matters/${number}/${entry.verb === "report" ? "?sent=report" : ""}`;
    row.append(link);
  }
  if (entry.address && entry.verb !== "entry" && !["refused", "done"].includes(entry.state)) {
    const link = made("a", "btn btn-quiet", words.open);
    link.href = entry.address;
    row.append(link);
  }
  if (entry.state !== "sending") row.append(button(words.delete, "btn-plain", () => remove(entry)));
  return row;
}

function line(entry) {
  const item = made("li");
  item.dataset.state = entry.state;
  item.dataset.token = entry.token;
  const when = new Date(entry.at).toLocaleString(document.documentElement.lang, { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });
  item.append(made("b", "item-title", `${entry.what} · ${entry.title}`));
  const meta = made("span", "item-meta", entry.photos.length ? `${when} · ${entry.photos.length} ${words.photos}` : when);
  const number = entry.result?.number;
  item.append(meta, made("span", `chip chip-${TONES[entry.state] ?? "neutral"}`, number ? `${words[entry.state]} ${number}` : words[entry.state]));
  if (entry.why) item.append(made("span", "queue-why", entry.why));
  const said = ["outcome", "words", "reason", "body"].map((name) => entry.payload?.[name]).filter((each) => typeof each === "string" && each);
  if (entry.state !== "done" && said.length) item.append(made("blockquote", "queue-said", said.join("\n")));
  item.append(doings(entry));
  return item;
}

async function draw(event) {
  const entries = (await all()).sort((a, b) => b.seq - a.seq);
  list.replaceChildren(...(entries.length ? entries.map(line) : [made("li", "muted", words.empty)]));
  signin.hidden = event?.detail?.state !== "signin";
}

document.addEventListener("linli:queue", draw);
document.querySelector("[data-sync-now]").addEventListener("click", () => send());
draw();
