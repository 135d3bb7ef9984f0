// The field worker's page: installable shell, forms that go through the phone's queue, the walking list.
import { toast } from "../ui/toasts.js";
import { add, all, drop, one, uuid } from "./field-store.js";
import { account, publish, reached, send, words } from "./field-send.js";

const told = document.querySelector('meta[name="linli-worker"]');
const OWNER = "linli.field.account";
const BACKOFF = 10000; // a phone that thinks it was never off line hears of no return

async function keepOnPhone() {
  if (!("serviceWorker" in navigator) || !told) return;
  await navigator.serviceWorker.register(told.content, { scope: told.dataset.scope });
  const ready = await navigator.serviceWorker.ready;
  if (!navigator.onLine || !account() || account() === "0") return;
  // pages kept for another account leave the phone
  const forget = localStorage.getItem(OWNER) !== account();
  const loaded = performance.getEntriesByType("resource").map((e) => new URL(e.name));
  const assets = loaded.filter((u) => u.origin === location.origin && u.pathname.startsWith("/static/")).map((u) => u.pathname + u.search);
  const stops = [...document.querySelectorAll("[data-stop], [data-keep] a")].slice(0, 40).map((a) => a.getAttribute("href"));
  const channel = new MessageChannel();
  channel.port1.onmessage = () => {
    localStorage.setItem(OWNER, account());
    document.documentElement.dataset.kept = "";
  };
  ready.active.postMessage({ keep: [...assets, ...stops], forget }, [channel.port2]);
}

// area keys are larger than a script's numbers print exactly: they travel as text
const NUMBERS = new Set(["lon", "lat"]);

function payload(form) {
  const found = {};
  for (const [name, value] of new FormData(form)) {
    if (["csrfmiddlewaretoken", "token", "photos"].includes(name) || value instanceof File) continue;
    if (value === "" || (form.dataset.queueForm === "report" && name === "seen")) continue;
    found[name] = NUMBERS.has(name) ? Number(value) : String(value).trim();
  }
  return found;
}

function otherRoom(form) {
  const given = {};
  const photos = [];
  for (const [name, value] of new FormData(form)) {
    if (["csrfmiddlewaretoken", "token"].includes(name)) continue;
    if (!(value instanceof File)) given[name] = String(value);
    else if (value.size) photos.push({ name: value.name, blob: value, field: name });
  }
  return {
    token: uuid(),
    verb: form.dataset.queueForm,
    address: new URL(form.action, location.href).pathname,
    account: account(),
    title: form.dataset.title ?? "",
    what: form.dataset.do ?? "",
    payload: given,
    photos,
    state: "waiting",
    at: Date.now(),
  };
}

async function entryOf(form) {
  if (["visit", "entry"].includes(form.dataset.queueForm)) return otherRoom(form);
  const verb = form.dataset.queueForm;
  const number = form.dataset.number || undefined;
  const given = payload(form);
  const files = [...(form.querySelector('input[type="file"]')?.files ?? [])];
  // an own step on the same matter still waits: what was seen will follow from it
  if (number && (await all()).some((e) => e.number === number && e.state !== "done")) delete given.seen;
  return {
    // never the page's own token: a page kept on the phone is used for many entries
    token: uuid(),
    verb,
    number,
    account: account(),
    title: given.title ?? form.dataset.title ?? "",
    what: form.dataset.do ?? words.report,
    payload: given,
    photos: files.map((blob) => ({ name: blob.name, blob, token: uuid() })),
    state: "waiting",
    at: Date.now(),
  };
}

/** An entry that was refused stands in its form again; sent anew it takes the place of the old one. */
async function reopen(form) {
  const seq = Number(new URLSearchParams(location.search).get("entry"));
  const entry = seq ? await one(seq) : null;
  if (entry?.address !== location.pathname) return;
  for (const [name, value] of Object.entries(entry.payload)) {
    const field = form.elements[name];
    if (!field) continue;
    if (field.type === "checkbox") field.checked = field.value === value;
    else field.value = value;
    if (value && field instanceof Element) field.closest("details")?.setAttribute("open", "");
  }
  for (const input of form.querySelectorAll('input[type="file"]')) {
    const bag = new DataTransfer();
    for (const p of entry.photos) if (p.field === input.name) bag.items.add(new File([p.blob], p.name, { type: p.blob.type }));
    if (!bag.files.length) continue;
    input.files = bag.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
  form.dataset.again = seq;
}

async function take(event) {
  const form = event.target.closest("form[data-queue-form]");
  if (!form || event.defaultPrevented) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (form.dataset.taken) return;
  if (!form.checkValidity()) {
    form.reportValidity();
    return;
  }
  form.dataset.taken = "yes";
  event.submitter?.classList.add("is-busy");
  let seq;
  try {
    seq = await add(await entryOf(form));
  } catch {
    delete form.dataset.taken;
    event.submitter?.classList.remove("is-busy");
    toast(words.full, "bad");
    return;
  }
  if (form.dataset.again) await drop(Number(form.dataset.again));
  form.reset();
  await publish(navigator.onLine ? "busy" : "off");
  const state = navigator.onLine ? await send() : "off";
  const kept = (await all()).find((e) => e.seq === seq);
  if (state !== "off" && kept?.state === "done" && kept.result?.number) {
    location.href = `${told.dataset.scope}matters/${kept.result.number}/?done=${encodeURIComponent(kept.verb)}`;
  } else if (state !== "off" && kept?.state === "done" && kept.result?.href) {
    location.href = kept.result.href;
  } else {
    sessionStorage.setItem("linli.field.say", words.kept);
    location.href = told.dataset.queue;
  }
}

function metres(a, b) {
  const x = (b.lon - a.lon) * Math.cos((b.lat * Math.PI) / 180);
  return Math.round(Math.hypot(x, b.lat - a.lat) * 111320);
}

function near(here) {
  for (const list of document.querySelectorAll("[data-stops]")) {
    const stops = [...list.querySelectorAll("[data-stop]")];
    for (const stop of stops) {
      const { lon, lat } = stop.dataset;
      const far = lon ? metres(here, { lon: Number(lon), lat: Number(lat) }) : Infinity;
      stop.dataset.far = far;
      stop.querySelector("[data-metres]").textContent = far < Infinity ? ` · ${far} ${words.metres}` : "";
    }
    stops.sort((a, b) => a.dataset.day.localeCompare(b.dataset.day) || Number(a.dataset.far) - Number(b.dataset.far));
    list.append(...stops);
  }
}

function walking() {
  const button = document.querySelector("[data-near]");
  if (!button || !navigator.geolocation || !document.querySelector("[data-stop]")) return;
  button.hidden = false;
  const ask = () =>
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => near({ lon: coords.longitude, lat: coords.latitude }),
      () => toast(words.nowhere, "warn"),
      { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 },
    );
  button.addEventListener("click", ask);
  navigator.permissions?.query({ name: "geolocation" }).then((p) => p.state === "granted" && ask(), () => {});
}

async function waitingHere() {
  const box = document.querySelector("[data-waiting]");
  const number = document.querySelector("[data-number]")?.dataset.number;
  if (box && number) box.hidden = !(await all()).some((e) => e.number === number && e.state !== "done");
}

/** A page kept on the phone was drawn on another day. */
function today(form) {
  const day = form.elements.day;
  const now = new Date();
  if (day.value === day.defaultValue) day.value = new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
}

document.addEventListener("submit", take, true);
const noted = document.querySelector('form[data-queue-form="entry"], form[data-queue-form="visit"]');
if (noted) {
  if (noted.dataset.queueForm === "entry") today(noted);
  reopen(noted);
}
document.dispatchEvent(new Event("linli:field"));
addEventListener("online", send);
addEventListener("offline", () => publish("off"));
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && send());
setInterval(() => navigator.onLine && send(), BACKOFF);
const say = sessionStorage.getItem("linli.field.say");
if (say) {
  sessionStorage.removeItem("linli.field.say");
  toast(say, "info");
}
walking();
waitingHere();
keepOnPhone().catch(() => {});
publish(navigator.onLine ? "ok" : "off").then(async () => {
  if (navigator.onLine) ((await reached()) ? send() : publish("off"));
});
