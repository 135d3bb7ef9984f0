// Every page's behaviour. All of it is help: forms and links work when this file never arrives.
import { preferences } from "./prefs.js";
import { dialogs } from "./dialogs.js";
import { forms } from "./forms.js";
import { lists, sifts } from "./lists.js";
import { photos } from "./photos.js";
import { drafts } from "./draft.js";
import { toast, toasts } from "./toasts.js";

const csrf = document.querySelector('meta[name="csrf"]')?.content ?? "";

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = csrf;
});
for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(name, () => toast(document.body.dataset.tFailed, "bad"));
}

// Without a network, and never loaded before: the page says that there is no map, the address can still be written.
function unmapped(root) {
  for (const box of root.querySelectorAll("[data-map]")) box.hidden = true;
  for (const words of root.querySelectorAll(".map-off")) words.hidden = false;
}

function islands(root) {
  if (root.querySelector("[data-map]")) import("./map.js").then((m) => m.maps(root), () => unmapped(root));
  if (root.querySelector("[data-chart]")) import("./chart.js").then((m) => m.charts(root));
}

// The tab one is on comes into view where the tabs run past the edge.
function tabs(root) {
  for (const here of root.querySelectorAll(".tabs [aria-current]")) {
    const strip = here.parentElement;
    strip.scrollLeft += here.getBoundingClientRect().left - strip.getBoundingClientRect().left - 40;
  }
}

function dress(root) {
  tabs(root);
  sifts(root);
  photos(root);
  forms(root);
  drafts(root);
  islands(root);
}

preferences();
dialogs();
lists();
toasts();
dress(document);
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) dress(event.detail.elt);
});

const first = document.querySelector("[data-focus]");
if (first) first.focus();
document.documentElement.dataset.ready = "";
