// Reporting on the spot: the phone's place, the likely category, a refused report opened again.
import { drop, one } from "./field-store.js";
import { call, words } from "./field-send.js";

const form = document.querySelector("[data-report]");
const code = form.elements.code;
const picks = [...document.querySelectorAll("[data-code]")];
const keywords = JSON.parse(document.getElementById("keywords").textContent);
const say = form.querySelector("[data-here-say]");
const elsewhere = new Set();

function choose(value) {
  code.value = value;
  code.dispatchEvent(new Event("change", { bubbles: true }));
}

function shown() {
  for (const pick of form.querySelectorAll("[data-code]")) pick.setAttribute("aria-pressed", String(pick.dataset.code === code.value));
}

form.addEventListener("click", (event) => {
  const pick = event.target.closest("[data-code]");
  if (pick) choose(pick.dataset.code);
});
code.addEventListener("change", shown);

/** Without a network: the classes whose own words the text holds. */
function offline(text) {
  const hits = Object.entries(keywords).map(([c, list]) => [c, list.filter((w) => text.includes(w)).join("").length]);
  return hits.filter(([, n]) => n).sort((a, b) => b[1] - a[1]).slice(0, 3).map(([c]) => c);
}

async function guesses(text) {
  if (navigator.onLine) {
    try {
      const { status, body } = await call(`/suggest?text=${encodeURIComponent(text)}`, { method: "GET" });
      if (status === 200) return body.filter((g) => g.kind === "event").map((g) => g.code);
    } catch {
      // fall back to the phone's own words
    }
  }
  return offline(text);
}

const box = form.querySelector("[data-suggested]");
let timer = 0;
form.elements.title.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(async () => {
    const text = form.elements.title.value.trim();
    const found = text ? await guesses(text) : [];
    const made = found.flatMap((c) => {
      const option = [...code.options].find((o) => o.value === c);
      if (!option) return [];
      const button = document.createElement("button");
      button.type = "button";
      button.className = "chip-pick";
      button.dataset.code = c;
      button.textContent = `${words.suggested} ${option.textContent}`;
      return [button];
    });
    box.replaceChildren(...made);
    box.hidden = !made.length;
    shown();
  }, 350);
});

/** Located without a network: the place decides when it is sent, unless a grid is picked by hand. */
function byPlace() {
  const area = form.elements.area;
  if (!area.querySelector('option[value=""]')) area.add(new Option(words.byplace, ""), 0);
  area.required = false;
  area.value = "";
}

async function placed({ coords }) {
  form.elements.lon.value = coords.longitude.toFixed(6);
  form.elements.lat.value = coords.latitude.toFixed(6);
  say.textContent = words.located;
  try {
    const { status, body } = await call(`/locate?lon=${coords.longitude}&lat=${coords.latitude}`, { method: "GET" });
    if (status !== 200) return byPlace();
    if (body.area === null) {
      say.textContent = words.outside;
      form.elements.lon.value = form.elements.lat.value = "";
      return;
    }
    const area = form.elements.area;
    const key = BigInt(body.area).toString(); // exact, where a number would be printed rounded
    if (![...area.options].some((o) => o.value === key)) {
      area.add(new Option(body.name, key));
      elsewhere.add(key);
    }
    area.value = key;
    say.textContent = [words.located, body.name, elsewhere.has(key) ? words.elsewhere : ""].filter(Boolean).join(" · ");
  } catch {
    byPlace();
  }
}

form.querySelector("[data-here]").addEventListener("click", () => {
  const lost = () => (say.textContent = words.nowhere);
  if (!navigator.geolocation) return lost();
  say.textContent = words.locating;
  navigator.geolocation.getCurrentPosition(placed, lost, { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 });
});

/** A report that was refused comes back into the form, photos too. */
async function reopen(seq) {
  const entry = await one(seq);
  if (!entry || entry.verb !== "report") return;
  for (const [name, value] of Object.entries(entry.payload)) if (form.elements[name]) form.elements[name].value = value;
  if (entry.photos.length) {
    const bag = new DataTransfer();
    for (const p of entry.photos) bag.items.add(new File([p.blob], p.name, { type: p.blob.type }));
    const input = form.querySelector('input[type="file"]');
    input.files = bag.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
  shown();
  await drop(seq);
}

const again = Number(new URLSearchParams(location.search).get("entry"));
if (again) reopen(again);
shown();
