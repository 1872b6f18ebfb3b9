// Small comforts of every page. Each works without this file, only less smoothly.
const menus = () => document.querySelectorAll("details.menu[open]");

addEventListener("click", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});

addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// An error summary takes the focus, so that a screen reader begins there.
document.querySelector("[data-focus]")?.focus();

// Tabs that scroll sideways begin where one stands.
document.querySelector(".subnav [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });

// Unsent words: ask before they are lost, but never hold up a quick exit.
const changed = new Set();
addEventListener("input", ({ target }) => {
  const form = target.closest?.("form[data-unsent]");
  if (form) changed.add(form);
});
addEventListener("submit", ({ target }) => changed.delete(target));
addEventListener("beforeunload", (event) => {
  if (changed.size && !document.documentElement.hidden) event.preventDefault();
});

const worker = document.querySelector("link[data-worker]");
if (worker && "serviceWorker" in navigator) {
  navigator.serviceWorker.register(worker.dataset.worker).catch(() => {});
}

// What only works with scripts stands hidden until they run.
for (const each of document.querySelectorAll("[data-scripted]")) each.hidden = false;
