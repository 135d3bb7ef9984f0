// The service worker: the shell and the worker's own pages stay on the phone. SHELL is written before this text.
const STATIC = `static-${SHELL.version}`;
const PAGES = "pages";
const WAIT = 5000;

async function keep(cache, address) {
  try {
    const answer = await fetch(address, { credentials: "same-origin" });
    if (answer.ok && !answer.redirected) await cache.put(address, answer);
  } catch {
    // no network now: it is kept the next time it is asked for
  }
}

async function install() {
  const [assets, pages] = await Promise.all([caches.open(STATIC), caches.open(PAGES)]);
  await Promise.all([...SHELL.assets.map((a) => keep(assets, a)), ...SHELL.pages.map((p) => keep(pages, p))]);
  await self.skipWaiting();
}

async function activate() {
  const names = await caches.keys();
  await Promise.all(names.filter((n) => n !== STATIC && n !== PAGES).map((n) => caches.delete(n)));
  await self.clients.claim();
}

async function asset(event) {
  const cache = await caches.open(STATIC);
  const known = await cache.match(event.request);
  const fresh = fetch(event.request).then((answer) => {
    if (answer.ok && answer.status === 200) cache.put(event.request, answer.clone());
    return answer;
  });
  if (!known) return fresh;
  event.waitUntil(fresh.catch(() => {}));
  return known;
}

function soon(promise) {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("slow")), WAIT);
    promise.then(resolve, reject);
  });
}

async function page(event) {
  const cache = await caches.open(PAGES);
  const address = new URL(event.request.url);
  const plain = address.pathname;
  const fetched = fetch(event.request).then((answer) => {
    if (answer.ok && answer.type === "basic" && !answer.redirected) cache.put(plain, answer.clone());
    return answer;
  });
  const known = await cache.match(plain);
  try {
    return await (known ? soon(fetched) : fetched);
  } catch {
    event.waitUntil(fetched.catch(() => {}));
    return known ?? (await cache.match(SHELL.offline)) ?? Response.error();
  }
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (address.pathname.startsWith(SHELL.static)) event.respondWith(asset(event));
  else if (request.mode === "navigate" && address.pathname.startsWith(SHELL.root)) event.respondWith(page(event));
});
self.addEventListener("message", (event) => {
  const { keep: wanted, forget } = event.data ?? {};
  event.waitUntil(
    (async () => {
      if (forget) await caches.delete(PAGES);
      const [assets, pages] = await Promise.all([caches.open(STATIC), caches.open(PAGES)]);
      const own = [...(forget ? SHELL.pages : []), ...(wanted ?? [])];
      for (const each of own) {
        const isAsset = each.startsWith(SHELL.static);
        if (isAsset && (await assets.match(each))) continue;
        await keep(isAsset ? assets : pages, each);
      }
      event.ports[0]?.postMessage("kept");
    })(),
  );
});
