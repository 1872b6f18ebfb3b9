// Quick exit: "Leave this site" and Shift three times. The link works without this file.
const link = document.querySelector("[data-exit]");
const root = document.documentElement;
const LEFT = "left"; // says no more than that somebody went away
const tabs = "BroadcastChannel" in window ? new BroadcastChannel("leave") : null;

function remember(value) {
  try {
    value ? sessionStorage.setItem(LEFT, "1") : sessionStorage.removeItem(LEFT);
  } catch { /* storage is switched off: nothing to remember */ }
}

function hasLeft() {
  try { return sessionStorage.getItem(LEFT) === "1"; } catch { return false; }
}

function vanish() {
  root.hidden = true;
  dispatchEvent(new Event("leave")); // what is live ends: nothing may lead elsewhere now
  document.title = "";
  remember(true);
  location.replace(link.href); // the history entry is swapped, not added to
}

function signOut() {
  const { beacon, token } = link.dataset;
  if (!beacon || !token) return;
  const form = new FormData();
  form.append("csrfmiddlewaretoken", token);
  navigator.sendBeacon(beacon, form);
}

function leave(event) {
  event?.preventDefault();
  root.hidden = true;
  tabs?.postMessage("leave"); // before the session ends, which other tabs would notice
  signOut();
  vanish();
}

function watchShift() {
  let presses = 0, alone = false, timer;
  addEventListener("keydown", (event) => {
    if (event.key !== "Shift") { alone = false; presses = 0; }
    else if (!event.repeat) alone = true;
  });
  addEventListener("keyup", (event) => {
    if (event.key !== "Shift" || !alone) return;
    clearTimeout(timer);
    timer = setTimeout(() => { presses = 0; }, 1500);
    if (++presses === 3) leave();
  });
}

if (link) {
  // Back after leaving shows nothing, whether the page comes from memory or the server
  const [visit] = performance.getEntriesByType("navigation");
  if (hasLeft() && visit?.type === "back_forward") vanish();
  else remember(false);
  addEventListener("pageshow", (event) => { if (event.persisted && hasLeft()) vanish(); });
  if (tabs) tabs.onmessage = vanish;
  link.addEventListener("click", leave);
  watchShift();
}
