// Loaded by /sw.js, which sets self.waymark. Keeps static files and the offline page,
// never a page of the site: what one person read must not lie on a shared device.
const { version, files, offline, prefix, isHashed, leaving, push } = self.waymark;
const CACHE = `static-${version}`;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([...files, offline])));
  self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith("static-") && name !== CACHE);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

async function keep(request) {
  const answer = await fetch(request);
  if (answer.ok && answer.status === 200) {
    const cache = await caches.open(CACHE);
    await cache.put(request, answer.clone());
  }
  return answer;
}

// A hashed name never changes its content; an unhashed one may, so the network goes first.
async function staticFile(request) {
  const kept = await caches.match(request);
  if (kept && isHashed) return kept;
  return keep(request).catch(() => kept ?? Response.error());
}

async function page(request) {
  return fetch(request).catch(() => caches.match(offline));
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method === "POST" && leaving.includes(url.pathname)) event.waitUntil(forget());
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith(prefix)) event.respondWith(staticFile(request));
  else if (request.mode === "navigate") event.respondWith(page(request));
});

// A push brings nothing with it: each shows the same words, in the place of the last.
self.addEventListener("push", (event) => {
  const { title, page: _page, ...rest } = push;
  event.waitUntil(self.registration.showNotification(title, { ...rest, badge: push.icon, tag: "new" }));
});

// Another page may hold words that nobody has sent yet: only the list itself is loaded anew.
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil((async () => {
    const windows = await self.clients.matchAll({ type: "window" });
    const list = windows.find((each) => new URL(each.url).pathname === push.page);
    if (!list) return self.clients.openWindow(push.page);
    const loaded = await list.navigate(push.page);
    return (loaded ?? list).focus();
  })());
});

// Signing out and the quick exit: the server has dropped its part; this is the browser's.
async function forget() {
  for (const shown of await self.registration.getNotifications()) shown.close();
  const subscription = await self.registration.pushManager?.getSubscription();
  await subscription?.unsubscribe();
}
