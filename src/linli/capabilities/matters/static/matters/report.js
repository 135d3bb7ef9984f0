// The report form: tells its fragments when words or place have changed, and offers a photo's own place.
import { placeOf } from "./exif.js";

const form = document.querySelector("form[data-report]");

function say(name) {
  form.dispatchEvent(new CustomEvent(name, { bubbles: false }));
}

function set(lon, lat) {
  for (const [name, value] of [["lon", lon], ["lat", lat]]) {
    const field = form.elements.namedItem(name);
    field.dataset.keep = "";
    field.value = value.toFixed(6);
  }
  form.elements.namedItem("lat").dispatchEvent(new Event("change", { bubbles: true }));
}

function places() {
  const names = new Set(["lon", "lat", "address", "district", "street", "community"]);
  form.addEventListener("change", (event) => {
    if (names.has(event.target.name)) say("place-changed");
  });
  form.addEventListener("linli:place", () => say("place-changed"));
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target?.id === "rungs") say("place-changed");
  });
  if ([...names].some((name) => form.elements.namedItem(name)?.value)) say("place-changed");
}

// What was recognised comes into view, as long as no point is marked: a marked point keeps the map where it is.
function views() {
  const map = form.querySelector("[data-map]");
  const show = () => {
    const said = form.querySelector("#place-said [data-view]")?.dataset;
    if (!map || !said) return;
    const marked = form.elements.namedItem("lon").value;
    const detail = { view: marked ? "" : said.view, areas: said.areas, here: said.here };
    map.dispatchEvent(new CustomEvent("linli:view", { detail }));
  };
  form.addEventListener("linli:map", show);
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target?.id === "place-said") show();
  });
}

function categories() {
  const note = form.querySelector("[data-emergency-note]");
  const by_hand = form.querySelector("[data-picked]");
  if (!by_hand) return;
  form.addEventListener("change", (event) => {
    if (event.target.name !== "code") return;
    by_hand.value = "hand";
    const shown = event.target.closest("#guesses");
    note.hidden = !("emergency" in event.target.dataset) || Boolean(shown);
    say("words-changed");
  });
  // the browser keeps one radio of a name: what was picked by hand stays when guesses arrive
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target?.id === "guesses") say("words-changed");
  });
}

function photos() {
  const input = form.querySelector('input[type="file"]');
  const offer = form.querySelector("[data-photo-place]");
  if (!input || !offer) return;
  let place = null;
  // before the photo is drawn smaller, which drops what it notes
  input.addEventListener(
    "change",
    async () => {
      const [file] = input.files;
      const found = file ? await placeOf(file) : null;
      if (!found) return;
      place = found;
      offer.hidden = Boolean(form.elements.namedItem("lon").value);
    },
    { capture: true },
  );
  offer.querySelector("[data-use-photo-place]").addEventListener("click", () => {
    set(place.lon, place.lat);
    offer.hidden = true;
    say("place-changed");
  });
}

// Neighbours' matters count as seen once they stood on the screen: on a phone the button is in reach without them.
function neighbours() {
  const watch = new IntersectionObserver(
    (found) => {
      for (const { isIntersecting, target } of found) {
        const seen = target.querySelector('[name="seen"]');
        if (isIntersecting && seen) seen.disabled = false;
      }
    },
    { threshold: 0.5, rootMargin: "0px 0px -140px 0px" },
  );
  document.addEventListener("htmx:afterSwap", (event) => {
    const shown = event.detail.target?.id === "alike" && event.detail.target.querySelector("section");
    if (shown) watch.observe(shown);
  });
}

function agent() {
  const box = form.querySelector("[data-other]");
  const tick = form.querySelector("[data-for-other]");
  if (!box || !tick) return;
  const show = () => (box.hidden = !tick.checked);
  tick.addEventListener("change", show);
  show();
}

if (form) {
  views();
  categories();
  photos();
  neighbours();
  agent();
  // htmx must have seen the form before it hears its events
  if (document.readyState === "complete") places();
  else addEventListener("load", places);
}
