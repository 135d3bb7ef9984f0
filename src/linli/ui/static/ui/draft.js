// What was typed is never lost: forms with data-draft="key" are kept on this device until they have been taken.
// The page after success names the key in <meta name="draft-done"> or in the HX-Trigger event "draft-done".
const PREFIX = "linli.draft.";
const waiting = new Map();
const DAYS = 7 * 86400000;
const SECRET = 'input[type="password"], input[type="hidden"]:not([data-keep]), input[type="file"], [data-no-draft], [autocomplete="one-time-code"]';

function fields(form) {
  return [...form.elements].filter((el) => el.name && !el.matches(SECRET) && !el.matches("button, fieldset"));
}

function read(form) {
  const words = {};
  for (const el of fields(form)) {
    if (el.matches('[type="checkbox"], [type="radio"]')) {
      words[el.name] ??= [];
      if (el.checked) words[el.name].push(el.value);
    } else words[el.name] = el.value;
  }
  return words;
}

function write(form, words) {
  for (const el of fields(form)) {
    if (!(el.name in words)) continue;
    if (el.matches('[type="checkbox"], [type="radio"]')) el.checked = words[el.name].includes(el.value);
    else el.value = words[el.name];
    el.dispatchEvent(new Event("input", { bubbles: true }));
    el.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function load(key) {
  try {
    const kept = JSON.parse(localStorage.getItem(PREFIX + key));
    return kept && Date.now() - kept.at < DAYS ? kept.words : null;
  } catch {
    return null;
  }
}

function save(key, words) {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify({ at: Date.now(), words }));
  } catch {
    // no room or not allowed: the form still works
  }
}

export function done(key) {
  clearTimeout(waiting.get(key)); // a save still to come would bring it back
  try {
    localStorage.removeItem(PREFIX + key);
  } catch {
    // nothing was kept then
  }
}

function offer(form, key, words) {
  const line = document.createElement("div");
  line.className = "draft";
  line.setAttribute("role", "status");
  const text = document.createElement("span");
  text.textContent = document.body.dataset.tDraft;
  const button = (label, kind, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = `btn ${kind} btn-sm`;
    made.textContent = label;
    made.addEventListener("click", () => {
      act();
      line.remove();
    });
    return made;
  };
  line.append(
    text,
    button(document.body.dataset.tRestore, "btn-primary", () => write(form, words)),
    button(document.body.dataset.tDiscard, "btn-plain", () => done(key)),
  );
  form.prepend(line);
}

// Choices that the page made itself are nothing to come back to.
function typed(words) {
  return Object.values(words).some((said) => typeof said === "string" && said.trim());
}

function watch(form) {
  const key = form.dataset.draft;
  const empty = JSON.stringify(read(form));
  const kept = load(key);
  // a form that came back from the server already holds the newest words
  if (kept && typed(kept) && JSON.stringify(kept) !== empty && !form.matches("[data-again]") && !form.querySelector(".errors")) offer(form, key, kept);
  const keep = () => {
    const words = read(form);
    if (JSON.stringify(words) !== empty) save(key, words);
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting.get(key));
    waiting.set(key, setTimeout(keep, 400));
  });
  form.addEventListener("submit", keep);
}

export function drafts(root) {
  const told = document.querySelector('meta[name="draft-done"]');
  if (told && root === document) done(told.content);
  for (const form of root.querySelectorAll("form[data-draft]")) watch(form);
}

document.addEventListener("draft-done", (event) => done(event.detail.key ?? event.detail.value));
