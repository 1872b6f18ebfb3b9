// Keys of the desk: j next, k before, a leave it, r hide it. All have a button or a link;
// they can be switched off, since single letters get in the way of speech control.
const bar = document.querySelector("[data-keys]");
const toggle = document.querySelector("[data-keys-off]");
const OFF = "desk-keys-off";
let isOff = false;

function load() {
  try { return sessionStorage.getItem(OFF) === "1"; } catch { return false; }
}

function show(off) {
  isOff = off;
  if (!toggle) return;
  toggle.setAttribute("aria-pressed", String(off));
  toggle.textContent = off ? toggle.dataset.off : toggle.dataset.on;
}

function step(by) {
  const rows = [...document.querySelectorAll("[data-row]")];
  if (!rows.length) return false;
  const here = rows.indexOf(document.activeElement);
  const next = here < 0 ? 0 : Math.min(Math.max(here + by, 0), rows.length - 1);
  rows[next].focus();
  return true;
}

function press(key) {
  if (key === "j" && step(1)) return;
  if (key === "k" && step(-1)) return;
  document.querySelector(`[data-key="${key}"]`)?.click();
}

addEventListener("keydown", (event) => {
  if (isOff || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
  if (!["j", "k", "a", "r"].includes(event.key)) return;
  event.preventDefault();
  press(event.key);
});

toggle?.addEventListener("click", () => {
  show(!isOff);
  try { sessionStorage.setItem(OFF, isOff ? "1" : "0"); } catch { /* for this page only */ }
});

if (bar) {
  bar.hidden = false;
  show(load());
}
