// Sending the queue: in order, each entry under its token, so that nothing is done twice and nothing is overwritten.
import { all, drop, lane, put } from "./field-store.js";

const KEEP_DONE = 20;
const told = document.querySelector('meta[name="linli-worker"]');
const API = told?.dataset.api ?? "/api/v1";
const account = () => document.querySelector('meta[name="linli-account"]')?.content ?? "";
const words = JSON.parse(document.getElementById("field-words")?.textContent ?? "{}");
let running = null;
let again = false;
let cut = false; // the last try found no way to the server, whatever the phone thinks of its network

function cookie(name) {
  const found = document.cookie.split("; ").find((c) => c.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

class Stop extends Error {}

/** Whether the server can be reached now: a phone that is connected to something believes that it is on line. */
export async function reached() {
  try {
    await fetch("/health/", { method: "HEAD", cache: "no-store" });
    cut = false;
  } catch {
    cut = true;
  }
  return !cut;
}

async function call(path, { method = "POST", token, json, form } = {}) {
  const headers = { Accept: "application/json", "Accept-Language": document.documentElement.lang };
  if (method !== "GET") headers["X-CSRFToken"] = cookie("csrftoken") || document.querySelector('meta[name="csrf"]')?.content || "";
  if (token) headers["Idempotency-Key"] = token;
  if (json) headers["Content-Type"] = "application/json";
  const answer = await fetch(API + path, { method, headers, body: json ? JSON.stringify(json) : form, credentials: "same-origin" });
  cut = false;
  const body = await answer.json().catch(() => ({}));
  return { status: answer.status, body };
}

function later(status) {
  return status === 429 || status >= 500;
}

async function photos(entry) {
  for (const photo of entry.photos) {
    if (photo.id) continue;
    const form = new FormData();
    form.append("file", photo.blob, photo.name);
    const { status, body } = await call("/photos", { token: photo.token, form });
    if (status >= 300) {
      if (status === 413 || status === 422) photo.bad = true;
      return { status, body };
    }
    photo.id = body.id;
    await put(entry);
  }
  return null;
}

// A form of another room goes to its own address as it was filled in, files included; a sign-in page is no answer.
async function posted(entry) {
  const form = new FormData();
  for (const [name, value] of Object.entries(entry.payload)) form.append(name, value);
  form.append("token", entry.token);
  for (const photo of entry.photos) form.append(photo.field, photo.blob, photo.name);
  const headers = { Accept: "application/json", "X-CSRFToken": cookie("csrftoken") || document.querySelector('meta[name="csrf"]')?.content || "" };
  const answer = await fetch(entry.address, { method: "POST", headers, body: form, credentials: "same-origin" });
  if (answer.redirected) return { status: 401, body: {} };
  const body = await answer.json().catch(() => ({}));
  return { status: answer.status, body };
}

async function deliver(entry) {
  if (entry.address) return posted(entry);
  const failed = await photos(entry);
  if (failed) return failed;
  const json = { ...entry.payload };
  if (entry.photos.length) json.photos = entry.photos.map((p) => p.id);
  const path = entry.verb === "report" ? "/matters" : `/matters/${encodeURIComponent(entry.number)}/${entry.verb}`;
  return call(path, { token: entry.token, json });
}

async function settle(entry, { status, body }) {
  entry.tries = (entry.tries ?? 0) + 1;
  if (status === 401 || body.code === "second-factor") {
    entry.state = "waiting";
    await put(entry);
    throw new Stop("signin");
  }
  if (later(status) || body.code === "csrf") {
    entry.state = "waiting";
    entry.why = body.message ?? "";
    await put(entry);
    throw new Stop("later");
  }
  if (status < 300) {
    Object.assign(entry, { state: "done", why: "", result: body, photos: [], done: Date.now() });
  } else if (body.code === "no-photo") {
    // the upload is no longer held: send the pictures again under new names
    for (const photo of entry.photos) Object.assign(photo, { id: null, token: crypto.randomUUID?.() ?? `${photo.token}` });
    Object.assign(entry, { state: "waiting", why: body.message });
  } else {
    Object.assign(entry, { state: status === 409 ? "conflict" : "refused", why: body.message || String(status), code: body.code });
  }
  await put(entry);
}

/** What the worker saw is what their own earlier entry made of it. */
function follow(entry, entries) {
  if (entry.state !== "done" || !entry.number || !entry.result) return;
  const next = entries.find((e) => e.number === entry.number && e.seq > entry.seq && e.state === "waiting");
  if (next) next.payload.seen = `${entry.result.state}/${entry.result.round}`;
}

async function turn() {
  const entries = await all();
  const mine = entries.filter((e) => e.state !== "done");
  if (!mine.length) return !cut || (await reached()) ? "ok" : "off";
  const { status, body } = await call("/me", { method: "GET" });
  if (status === 401) return "signin";
  if (status !== 200) return "bad";
  const stuck = new Set();
  for (const entry of mine) {
    if (String(entry.account) !== String(body.account)) {
      stuck.add(lane(entry));
      if (entry.state === "waiting") await put(Object.assign(entry, { state: "other" }));
      continue;
    }
    if (stuck.has(lane(entry)) || ["conflict", "refused"].includes(entry.state)) {
      stuck.add(lane(entry));
      if (entry.state === "waiting") await put(Object.assign(entry, { state: "held" }));
      continue;
    }
    await put(Object.assign(entry, { state: "sending" }));
    publish("busy");
    await settle(entry, await deliver(entry));
    if (entry.state !== "done") stuck.add(lane(entry));
    follow(entry, entries);
  }
  return stuck.size ? "bad" : "ok";
}

async function tidy() {
  const done = (await all()).filter((e) => e.state === "done");
  for (const old of done.slice(0, -KEEP_DONE)) await drop(old.seq);
}

async function whole() {
  try {
    // left over from a page that was closed while sending
    for (const e of await all()) if (["sending", "held", "other"].includes(e.state)) await put({ ...e, state: "waiting" });
    const state = await turn();
    await tidy();
    return state;
  } catch (error) {
    for (const e of await all()) if (e.state === "sending") await put({ ...e, state: "waiting" });
    if (error instanceof Stop) return error.message === "signin" ? "signin" : "bad";
    cut = error instanceof TypeError; // how fetch says that nobody answered
    return navigator.onLine && !cut ? "bad" : "off";
  }
}

/** Tell the page: the pill, and whoever listens for `linli:queue`. */
export async function publish(state) {
  const open = (await all()).filter((e) => e.state !== "done");
  const pill = document.querySelector("[data-sync]");
  const shown = !navigator.onLine || state === "off" ? "off" : state === "busy" ? "busy" : state === "signin" || (state === "bad" && open.length) ? "bad" : open.length ? "queue" : "ok";
  if (pill) {
    const name = { ok: "tOk", queue: "tQueue", off: "tOff", busy: "tBusy", bad: "tBad" }[shown];
    pill.dataset.state = shown;
    const text = state === "signin" ? words.signinDo : pill.dataset[name];
    pill.querySelector("[data-sync-text]").textContent = open.length ? `${text} ${open.length}` : text;
  }
  document.dispatchEvent(new CustomEvent("linli:queue", { detail: { state, open: open.length } }));
}

async function locked() {
  if (!navigator.locks) return whole();
  return navigator.locks.request("linli-field", whole);
}

/** Send what waits; one turn at a time, over all windows of this phone. */
export function send() {
  if (running) {
    again = true;
    return running;
  }
  running = locked()
    .then(async (state) => {
      await publish(state);
      return state;
    })
    .finally(() => {
      running = null;
      if (again) {
        again = false;
        send();
      }
    });
  return running;
}

export { account, call, words };
