// Keeps the notebook of a producer for when there is no network, with what it is drawn with, and nothing
// else: its scope is that one page. A copy goes as soon as the server says that one is no longer signed in.

const PAGES = "field-pages";
const PARTS = "field-parts";
const MOST_PARTS = 40;
const WAIT = 5000;
const NOTEBOOK = /^(\/en)?\/gian-hang\/[^/]+\/so-tay$/;

const isNotebook = (url) => url.origin === location.origin && NOTEBOOK.test(url.pathname);

const trim = async (cache, most) => {
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - most)).map((key) => cache.delete(key)));
};

const fetchPart = async (request) => {
  const cache = await caches.open(PARTS);
  const known = await cache.match(request);
  if (known) return known;
  const response = await fetch(request);
  if (response.ok) {
    await cache.put(request, response.clone());
    await trim(cache, MOST_PARTS);
  }
  return response;
};

const keepPage = async (address, response) => {
  const text = await response.text();
  const headers = { "Content-Type": "text/html; charset=utf-8" };
  const policy = response.headers.get("Content-Security-Policy");
  if (policy) headers["Content-Security-Policy"] = policy;
  await (await caches.open(PAGES)).put(address, new Response(text, { headers }));
  const parts = [...new Set(text.match(/\/static\/[^"'()#\s]+/g) || [])];
  await Promise.all(parts.map((part) => fetchPart(new Request(part)).catch(() => {})));
};

const forget = async (address) => (await caches.open(PAGES)).delete(address);

const open = async (event, address) => {
  const late = new Promise((resolve) => setTimeout(resolve, WAIT));
  const asked = fetch(event.request).then((response) => {
    if (response.ok && !response.redirected) event.waitUntil(keepPage(address, response.clone()));
    else if (response.type === "opaqueredirect" || [401, 403, 404].includes(response.status)) event.waitUntil(forget(address));
    return response;
  });
  const first = await Promise.race([asked.catch(() => null), late]);
  return first || (await caches.match(address, { cacheName: PAGES })) || asked;
};

addEventListener("install", () => skipWaiting());

// The page that brought the worker was loaded without it: it is fetched once more, to be kept.
addEventListener("activate", (event) => {
  const keepOpen = async () => {
    await clients.claim();
    for (const client of await clients.matchAll({ type: "window" })) {
      const url = new URL(client.url);
      if (!isNotebook(url)) continue;
      const response = await fetch(url.pathname, { headers: { Accept: "text/html" } });
      if (response.ok && !response.redirected) await keepPage(url.origin + url.pathname, response);
    }
  };
  event.waitUntil(keepOpen().catch(() => {}));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const url = new URL(request.url);
  if (request.mode === "navigate" && isNotebook(url)) event.respondWith(open(event, url.origin + url.pathname));
  else if (url.origin === location.origin && url.pathname.startsWith("/static/")) event.respondWith(fetchPart(request));
});
