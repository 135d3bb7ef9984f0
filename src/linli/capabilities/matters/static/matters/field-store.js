// The queue on the phone: entries in order, photos included, each with its token.
const NAME = "linli-field";
const STORE = "entries";
let opened;

function base() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "seq", autoIncrement: true });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return opened;
}

async function run(mode, work) {
  const db = await base();
  return new Promise((resolve, reject) => {
    const deal = db.transaction(STORE, mode);
    const asked = work(deal.objectStore(STORE));
    deal.oncomplete = () => resolve(asked?.result);
    deal.onabort = deal.onerror = () => reject(deal.error ?? asked?.error);
  });
}

export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = (b[6] & 0x0f) | 0x40;
  b[8] = (b[8] & 0x3f) | 0x80;
  const hex = [...b].map((n) => n.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

/** Every entry, oldest first. */
export const all = () => run("readonly", (s) => s.getAll());
export const one = (seq) => run("readonly", (s) => s.get(seq));
export const add = (entry) => run("readwrite", (s) => s.add(entry));
export const put = (entry) => run("readwrite", (s) => s.put(entry));
export const drop = (seq) => run("readwrite", (s) => s.delete(seq));

/** The lane an entry stands in: entries about one matter, or to one door, go one after the other. */
export const lane = (entry) => entry.number ?? (entry.verb === "entry" ? entry.token : (entry.address ?? entry.token));
