const VERSION = "__VERSION__"; const SHELL = "__SHELL__"; const FILES = __FILES__; const LATER = __LATER__;
/*
 * The service worker: it keeps one verified copy of the application, so that it opens without a network.
 * One source for every audience; the build fills in the first line: VERSION names the set of files, SHELL is
 * the path of the page, FILES lists [path, base64 of its SHA-256] for everything to keep, the shell included;
 * LATER lists in the same way the parts that are kept from when somebody needs them, for good.
 * It never carries what people write: that is the sender's task, in the page, with its own receipts.
 */
const SCOPE = new URL(registration.scope).pathname;
const PREFIX = `rabaska:${SCOPE}:`;
const CURRENT = PREFIX + VERSION;
const KEPT = new Set([...FILES, ...LATER].map(([path]) => path));

/* What a part is called, whatever is in it. The drawn map belongs to the part that draws it. */
const partOf = (path) => (path.startsWith("/maps/") ? "asked" : /-([a-z]+)-[0-9a-f]{16}\.wasm$/.exec(path)?.[1]);

/* The citizen's scope "/" contains the other audiences' scopes; their pages are not ours to answer. */
const OTHER_AUDIENCES = ["/desk", "/kiosk", "/lab"].filter((path) => !SCOPE.startsWith(path + "/"));

const mine = async () => (await caches.keys()).filter((name) => name.startsWith(PREFIX));

async function genuine(response, expected) {
  const digest = await crypto.subtle.digest("SHA-256", await response.clone().arrayBuffer());
  return btoa(String.fromCharCode(...new Uint8Array(digest))) === expected;
}

async function fromOlderCache(path, expected) {
  for (const name of await mine()) {
    const held = await (await caches.open(name)).match(path, { ignoreVary: true });
    if (held && (await genuine(held, expected))) return held;
  }
}

/* A captive portal answers 200 to everything: only the right bytes count, whatever the status says. */
async function fromNetwork(path, expected, mode) {
  const response = await fetch(path, { cache: mode, redirect: "error" });
  if (response.ok && (await genuine(response, expected))) return response;
}

/*
 * Hashed files come through the HTTP cache, where the page that is open has just put them: a first visit
 * downloads nothing twice. "reload" is only the second try, should that cache hold something else.
 */
async function keep(cache, path, expected) {
  const response =
    (await fromOlderCache(path, expected)) ||
    (await fromNetwork(path, expected, path === SHELL ? "no-cache" : "default")) ||
    (await fromNetwork(path, expected, "reload"));
  if (!response) throw new Error(`not the expected file: ${path}`);
  await cache.put(path, response);
}

/* The parts for later that this device has, of whichever version. */
async function partsHeld() {
  const parts = new Set();
  for (const name of await mine())
    for (const { url } of await (await caches.open(name)).keys()) parts.add(partOf(new URL(url).pathname));
  return LATER.filter(([path]) => parts.has(partOf(path)));
}

/* A part for later is needed. It is fetched once; what is not there now is asked for again. */
async function keepPart(part) {
  const cache = await caches.open(CURRENT);
  for (const [path, expected] of LATER)
    if (partOf(path) === part && !(await cache.match(path, { ignoreVary: true }))) await keep(cache, path, expected);
}

/* All or nothing: a set with a hole never becomes active. What did arrive stays, so that the next try of a
   slow connection goes on from there; it is verified again then. */
async function install() {
  const cache = await caches.open(CURRENT);
  const files = [...FILES, ...(await partsHeld())];
  const results = await Promise.allSettled(files.map(([path, expected]) => keep(cache, path, expected)));
  const failed = results.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
}

async function activate() {
  for (const name of await mine()) if (name !== CURRENT) await caches.delete(name);
  await clients.claim();
}

/* The browser may have evicted the cache, or refuse to open it: then the network is asked as if we were not here. */
async function held(path, request) {
  const response = await caches
    .open(CURRENT)
    .then((cache) => cache.match(path, { ignoreVary: true }))
    .catch(() => undefined);
  return response || fetch(request);
}

/* A page of this audience. A last segment with a dot is a file (a manifest, an export), not a page. */
function isPage(path) {
  if (OTHER_AUDIENCES.some((other) => path === other || path.startsWith(other + "/"))) return false;
  return path.startsWith(SCOPE) && !path.slice(path.lastIndexOf("/")).includes(".");
}

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));

/* A new version waits until the person agrees: nobody's page changes while they write. */
addEventListener("message", (event) => {
  if (event.data && event.data.type === "activate") event.waitUntil(skipWaiting());
  if (event.data && event.data.type === "keep") event.waitUntil(keepPart(event.data.part));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin || url.pathname.startsWith("/api/")) return;
  if (request.mode === "navigate") {
    if (isPage(url.pathname)) event.respondWith(held(SHELL, request));
  } else if (KEPT.has(url.pathname) && !url.search) {
    event.respondWith(held(url.pathname, request));
  }
});
