// "On this device": asks the browser for an address to be told at, and sends it as the
// form of the page. Nobody is asked before the button is pressed.
const box = document.querySelector("[data-push]");
const turnOn = box.querySelector("form[data-push-on]");
const workerUrl = document.querySelector("link[data-worker]").dataset.worker;
const isAble = ["serviceWorker" in navigator, "PushManager" in window, "Notification" in window].every(Boolean);

function show(state) {
  for (const part of box.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== state;
}

async function manager() {
  await navigator.serviceWorker.register(workerUrl); // or `ready` might wait for ever
  return (await navigator.serviceWorker.ready).pushManager;
}

async function unsubscribe() {
  const there = await (await manager()).getSubscription();
  await there?.unsubscribe();
}

async function state() {
  if (!isAble) return "unable";
  if (Notification.permission === "denied") return "denied";
  const there = await (await manager()).getSubscription();
  return there && "isOn" in box.dataset ? "on" : "off";
}

async function subscribe() {
  const answer = await Notification.requestPermission(); // first, while the press counts
  if (answer !== "granted") return show(answer === "denied" ? "denied" : "off");
  await unsubscribe(); // it may be of another person, or for another key
  const fresh = await (await manager()).subscribe({ userVisibleOnly: true, applicationServerKey: box.dataset.push });
  turnOn.elements.endpoint.value = fresh.endpoint;
  turnOn.submit();
}

turnOn.addEventListener("submit", (event) => {
  event.preventDefault();
  const [button] = turnOn.querySelectorAll("button");
  button.disabled = true; // a second press would make the first address void
  subscribe().catch(() => show("failed")).finally(() => { button.disabled = false; });
});

box.querySelector("form[data-push-off]")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const { target } = event;
  unsubscribe().catch(() => {}).finally(() => target.submit());
});

state().then(show, () => show("unable"));
