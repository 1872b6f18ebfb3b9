// A conversation while it is open: the socket is a hint, the numbers are the truth.
// seq == have + 1: show; lower: known; higher: hold back and fetch what is missing.
// Nothing is kept in the browser's storage: an unsent text waits in this page only.
const box = document.querySelector("[data-live]");
const thread = box.querySelector("[data-thread]");
const log = box.querySelector(".log");
const composer = box.querySelector("[data-composer]");
const error = document.querySelector("[data-error]");
const words = box.dataset;
const clock = clockOf(words.zone);
let have = Number(words.have);
let line = null;
let tries = 0;
let over = false; // signed out or shut out: nothing more comes
const held = new Map(); // seq -> message that came too early
const unsent = new Map(); // uuid -> {frame, bubble, refused}

const isLeaving = () => document.documentElement.hidden; // the quick exit has begun
const hasWords = () => unsent.size > 0 || composer.body.value.trim() !== "";

// As the server writes it, in the person's zone: "en-GB" is the way of "14:05".
function clockOf(timeZone) {
  const form = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  try {
    return new Intl.DateTimeFormat("en-GB", { ...form, timeZone });
  } catch { // a zone that this browser does not know
    return new Intl.DateTimeFormat("en-GB", { ...form, timeZone: "UTC" });
  }
}

function bubble({ uuid, body, mine, sensitive, deleted, at }) {
  const item = document.createElement("li");
  item.className = `bubble${mine ? " mine" : ""}${deleted ? " gone" : ""}`;
  item.dataset.uuid = uuid;
  const text = document.createElement("p");
  text.dir = "auto";
  const author = document.createElement("span");
  author.className = "vh";
  author.textContent = `${mine ? words.you : words.other}: `;
  text.append(author, deleted ? words.gone : body);
  if (sensitive && !deleted) {
    const details = document.createElement("details");
    const summary = document.createElement("summary");
    const act = document.createElement("span");
    act.className = "act";
    act.textContent = words.show;
    summary.append(`${words.sensitive} `, act);
    details.append(summary, text);
    item.append(details);
  } else {
    item.append(text);
  }
  const foot = document.createElement("footer");
  const time = document.createElement("time");
  time.dateTime = at;
  time.textContent = clock.format(new Date(at));
  foot.append(time);
  item.append(foot);
  return item;
}

function atEnd() {
  return innerHeight + scrollY > document.documentElement.scrollHeight - 240;
}

function show(message) {
  const follow = atEnd() || message.sender === words.me;
  const waiting = unsent.get(message.uuid);
  waiting?.bubble.remove();
  unsent.delete(message.uuid);
  const item = bubble({ ...message, mine: message.sender === words.me });
  item.id = `m${message.seq}`;
  item.dataset.seq = message.seq;
  thread.querySelector("[data-empty]")?.remove();
  const first = [...unsent.values()][0]?.bubble ?? null;
  thread.insertBefore(item, first);
  have = message.seq;
  if (follow) log.lastElementChild.scrollIntoView({ block: "end" });
}

function replace(message) {
  const old = document.getElementById(`m${message.seq}`);
  if (!old || !message.deleted) return;
  const item = bubble({ ...message, mine: message.sender === words.me });
  item.id = old.id;
  old.replaceWith(item);
}

function receive(message) {
  if (message.seq <= have) return replace(message);
  held.set(message.seq, message);
  while (held.has(have + 1)) {
    const next = held.get(have + 1);
    held.delete(have + 1);
    show(next);
  }
  if (held.size) catchUp();
  else if (document.visibilityState === "visible") markRead();
}

let catching = false;
async function catchUp() {
  if (catching || over || isLeaving()) return;
  catching = true;
  try {
    const answer = await fetch(`${words.after}?have=${have}`, { headers: { Accept: "application/json" } });
    if (answer.redirected) return reload();
    if (answer.status === 404) return end();
    if (!answer.ok) return;
    const { messages } = await answer.json();
    catching = false;
    messages.forEach(receive);
  } catch { /* the line is away: the next try comes by itself */ } finally {
    catching = false;
  }
}

function reload() {
  if (over || isLeaving()) return;
  over = true;
  location.reload();
}

// The conversation is gone; what was being written is not thrown away with it.
function end() {
  if (!hasWords()) return reload();
  over = true;
  complain(words.ended);
}

function markRead() {
  if (have) tell({ type: "read", conversation: words.conversation, seq: have });
}

function tell(frame) {
  // without a line an open socket only swallows: the post says so, and it is sent later
  if (!navigator.onLine || line?.readyState !== WebSocket.OPEN) return false;
  line.send(JSON.stringify(frame));
  return true;
}

function connect() {
  if (!words.signedIn || over || isLeaving()) return;
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  line = new WebSocket(`${scheme}://${location.host}${words.socket}`);
  line.onopen = () => {
    tries = 0;
    tell({ type: "hello", have: { [words.conversation]: have } });
    for (const { frame, refused } of unsent.values()) if (!refused) tell(frame);
  };
  line.onmessage = ({ data }) => {
    const event = JSON.parse(data);
    if (event.type === "message" && event.conversation === words.conversation) receive(event);
    else if (event.type === "refused") refuse(event);
    else if (event.type === "ack" && event.seq > have) catchUp();
  };
  line.onclose = ({ code }) => {
    if (code === 4401) return reload();
    const pause = Math.random() * Math.min(30000, 500 * 2 ** tries++);
    setTimeout(connect, pause);
  };
}

function refuse({ uuid, message }) {
  const waiting = unsent.get(uuid);
  if (!waiting) return;
  waiting.refused = true;
  const why = document.createElement("span");
  why.setAttribute("role", "alert");
  why.textContent = `${words.unsent} ${message || words.ended}`;
  const foot = waiting.bubble.querySelector("footer");
  foot.className = "failed";
  foot.replaceChildren(
    why, button(words.again, () => sendAgain(waiting)), button(words.change, () => takeBack(waiting)),
  );
  if (atEnd()) log.lastElementChild.scrollIntoView({ block: "end" });
}

function button(label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "chip";
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}

function sendAgain(waiting) {
  waiting.refused = false;
  const foot = waiting.bubble.querySelector("footer");
  foot.className = "";
  foot.textContent = words.sending;
  composer.body.focus();
  deliver(waiting.frame);
}

// Before whatever was begun meanwhile: neither is lost.
function takeBack({ frame, bubble: item }) {
  unsent.delete(frame.uuid);
  item.remove();
  composer.body.value = [frame.body, composer.body.value].filter(Boolean).join("\n\n");
  composer.is_sensitive.checked ||= frame.sensitive;
  composer.body.focus();
}

function complain(message) {
  error.textContent = message;
  error.hidden = !message;
}

async function post(frame) {
  const form = new FormData(composer);
  form.set("body", frame.body);
  form.set("uuid", frame.uuid);
  frame.sensitive ? form.set("is_sensitive", "on") : form.delete("is_sensitive");
  try {
    const answer = await fetch(composer.action, { method: "POST", body: form, headers: { Accept: "application/json" } });
    const { uuid } = frame;
    if (answer.ok && !answer.redirected) return catchUp();
    if (answer.status === 422) return refuse({ uuid, message: (await answer.json()).message });
    if (answer.status === 404) return refuse({ uuid, message: words.ended });
    if (answer.status < 500) return refuse({ uuid, message: words.failed });
  } catch { /* offline: said below, tried again when the line is back */ }
  const waiting = unsent.get(frame.uuid);
  if (waiting) waiting.bubble.querySelector("footer").textContent = words.waiting;
}

function send(event) {
  event.preventDefault();
  const body = composer.body.value.trim();
  if (!body) return composer.body.focus();
  complain("");
  const frame = {
    type: "send", conversation: words.conversation, uuid: crypto.randomUUID(),
    body, sensitive: composer.is_sensitive.checked, language: document.documentElement.lang,
  };
  const item = bubble({ ...frame, mine: true, at: new Date().toISOString() });
  item.querySelector("footer").textContent = words.sending;
  thread.append(item);
  unsent.set(frame.uuid, { frame, bubble: item });
  composer.body.value = "";
  composer.is_sensitive.checked = false;
  log.lastElementChild.scrollIntoView({ block: "end" });
  deliver(frame);
}

function deliver(frame) {
  if (!tell(frame)) post(frame);
}

composer.addEventListener("submit", send);
composer.body.addEventListener("keydown", (event) => {
  const plain = event.key === "Enter" && !event.shiftKey && !event.isComposing;
  if (!plain || !matchMedia("(pointer: fine)").matches) return;
  event.preventDefault(); // or the line break stays behind in the emptied box
  composer.requestSubmit();
});
addEventListener("online", () => {
  catchUp();
  for (const { frame, refused } of unsent.values()) if (!refused) deliver(frame);
});
addEventListener("beforeunload", (event) => {
  if (hasWords() && !isLeaving()) event.preventDefault();
});
addEventListener("leave", () => line?.close());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") catchUp().then(markRead);
});
setInterval(catchUp, words.signedIn ? 60000 : 10000); // a silent loss is found here
connect();
