// Keeps trace pages that were opened for when there is no network, and what they are drawn with.
// Nothing else is kept: its scope is the addresses printed on packs, never a cart, an order or an account.

const PAGES = "trace-pages";
const PARTS = "trace-parts";
const MOST_PAGES = 40;
const MOST_PARTS = 60;
const WAIT = 6000;
const PRINTED = /^(\/en)?\/(01|t)\/[^/]/;

const isPage = (url) => url.origin === location.origin && PRINTED.test(url.pathname);
const isPart = (url) =>
  url.origin === location.origin && (url.pathname.startsWith("/static/") || url.pathname.startsWith("/truy-xuat/ban-do/"));

const trim = async (name, most) => {
  const cache = await caches.open(name);
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - most)).map((key) => cache.delete(key)));
};

const keep = async (name, most, request, response) => {
  const cache = await caches.open(name);
  await cache.delete(request);
  await cache.put(request, response);
  await trim(name, most);
};

// A page is kept with what it is drawn with; a redirect, a refusal or a form's answer is not kept.
const keepPage = async (url, response) => {
  const text = await response.clone().text();
  const headers = { "Content-Type": "text/html; charset=utf-8", "X-Kept-At": new Date().toISOString() };
  const policy = response.headers.get("Content-Security-Policy");
  if (policy) headers["Content-Security-Policy"] = policy;
  await keep(PAGES, MOST_PAGES, url, new Response(text, { headers }));
  const parts = [...new Set(text.match(/\/static\/[^"'()#\s]+/g) || [])];
  await Promise.all(parts.map((part) => fetchPart(new Request(part)).catch(() => {})));
};

const fetchPart = async (request) => {
  const known = await caches.match(request, { cacheName: PARTS });
  if (known) return known;
  const response = await fetch(request);
  if (response.ok) await keep(PARTS, MOST_PARTS, request, response.clone());
  return response;
};

const readCopy = async (url) => {
  const kept = await caches.match(url, { cacheName: PAGES });
  if (!kept) return null;
  const at = new Date(kept.headers.get("X-Kept-At"));
  const told = at.toLocaleString("vi-VN", { dateStyle: "short", timeStyle: "short" });
  const text = (await kept.text())
    .replace(/(<div id="ban-luu"[^>]*) hidden>/, "$1>")
    .replace("<time></time>", `<time datetime="${at.toISOString()}">${told}</time>`);
  return new Response(text, { headers: kept.headers });
};

const open = async (event, url) => {
  const copy = () => readCopy(url.href);
  const late = new Promise((resolve) => setTimeout(resolve, WAIT));
  const asked = fetch(event.request).then((response) => {
    const isHtml = (response.headers.get("Content-Type") || "").startsWith("text/html");
    if (response.ok && !response.redirected && isHtml) event.waitUntil(keepPage(url.href, response.clone()));
    return response;
  });
  const first = await Promise.race([asked.catch(() => null), late]);
  if (first) return first;
  return (await copy()) || asked;
};

addEventListener("install", () => skipWaiting());

// The page that brought the worker was loaded without it: it is fetched once more, to be kept.
addEventListener("activate", (event) => {
  event.waitUntil(
    clients.claim().then(async () => {
      for (const client of await clients.matchAll({ type: "window" })) {
        const url = new URL(client.url);
        url.hash = "";
        if (isPage(url)) {
          const response = await fetch(url, { headers: { Accept: "text/html" } });
          if (response.ok && !response.redirected) await keepPage(url.href, response);
        }
      }
    }).catch(() => {}),
  );
});

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const url = new URL(request.url);
  url.hash = "";
  if (request.mode === "navigate" && isPage(url)) event.respondWith(open(event, url));
  else if (isPart(url)) event.respondWith(fetchPart(request));
});
