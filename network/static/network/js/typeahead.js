// Turns <input data-suggest="url"> into a combobox with chips. Without this file the field
// takes words with commas between, and the server understands both.
// The url answers ?q=… with {"results": [{"id", "label", "hint"}]}.
const DELAY_MS = 150;
const BETWEEN = /[,;،؛]/; // as `widgets.parts_of` reads it
let serial = 0;

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

class TypeAhead {
  constructor(input) {
    this.input = input;
    this.name = input.name;
    this.required = input.required;
    this.isMultiple = "multiple" in input.dataset;
    this.words = JSON.parse(input.dataset.words || "{}");
    this.results = [];
    this.active = -1;
    this.build();
    this.listen();
    const chosen = JSON.parse(input.dataset.chosen || "[]");
    for (const pick of chosen) this.pick(pick, false);
    // what was typed and is in no list stays as it was typed
    if (chosen.length && this.isMultiple) input.value = input.dataset.rest ?? "";
    this.rename();
  }

  build() {
    const { input } = this;
    const id = `options-${++serial}`;
    const label = input.labels[0]?.textContent.trim() ?? "";
    this.list = element("ul", { id, role: "listbox", class: "options", "aria-label": label });
    this.list.hidden = true;
    this.status = element("span", { role: "status", class: "vh" });
    this.picks = input.closest("[data-typeahead]").querySelector(".picks");
    input.after(this.list, this.status);
    input.removeAttribute("list");
    const roles = { role: "combobox", autocomplete: "off", "aria-autocomplete": "list",
      "aria-expanded": "false", "aria-controls": id };
    for (const [name, value] of Object.entries(roles)) input.setAttribute(name, value);
  }

  listen() {
    const { input, list } = this;
    input.addEventListener("input", () => this.typed());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.close());
    list.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the focus
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.pick(this.results[[...list.children].indexOf(option)]);
    });
  }

  typed() {
    if (!this.isMultiple) this.picks.replaceChildren();
    this.rename();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), DELAY_MS);
  }

  async ask() {
    const text = this.input.value.split(BETWEEN).pop().trim();
    this.request?.abort();
    if (!text) return this.close();
    this.request = new AbortController();
    const url = new URL(this.input.dataset.suggest, location.href);
    url.searchParams.set("q", text);
    url.searchParams.set("language", document.documentElement.lang);
    try {
      const answer = await fetch(url, { signal: this.request.signal });
      if (answer.ok) this.show((await answer.json()).results);
    } catch { /* a newer question, or no line: the plain field still works */ }
  }

  show(results) {
    const chosen = new Set([...this.picks.querySelectorAll("input")].map((pick) => pick.value));
    this.results = results.filter((result) => !chosen.has(result.id));
    this.list.replaceChildren(...this.results.map((result, index) => {
      const option = element("li", { role: "option", id: `${this.list.id}-${index}`,
        "aria-selected": "false" }, element("span", {}, result.label));
      if (result.hint) option.append(element("small", {}, result.hint));
      return option;
    }));
    const count = this.results.length;
    this.list.hidden = !count;
    this.input.setAttribute("aria-expanded", String(Boolean(count)));
    this.status.textContent = count
      ? (this.words.count ?? "").replace("{n}", count) : this.words.none ?? "";
    this.mark(-1);
  }

  mark(index) {
    this.active = index;
    [...this.list.children].forEach((option, place) => {
      option.setAttribute("aria-selected", String(place === index));
      if (place === index) option.scrollIntoView({ block: "nearest" });
    });
    if (index < 0) this.input.removeAttribute("aria-activedescendant");
    else this.input.setAttribute("aria-activedescendant", `${this.list.id}-${index}`);
  }

  key(event) {
    const count = this.list.hidden ? 0 : this.results.length;
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move && count) {
      event.preventDefault();
      this.mark((this.active + move + (move < 0 && this.active < 0 ? 1 : 0) + count) % count);
    } else if ((event.key === "Enter" || BETWEEN.test(event.key)) && count) {
      this.accept(event);
    } else if (event.key === "Escape" && count) {
      event.preventDefault();
      this.close();
    } else if (event.key === "Backspace" && !this.input.value && this.isMultiple) {
      this.picks.lastElementChild?.querySelector("button").click();
    }
  }

  accept(event) {
    const text = this.input.value.trim().toLocaleLowerCase();
    const same = this.results.findIndex((one) => one.label.toLocaleLowerCase() === text);
    const index = this.active >= 0 ? this.active : same;
    if (index < 0 && event.key !== "Enter") return;
    event.preventDefault();
    this.pick(this.results[Math.max(index, 0)]);
  }

  pick(result, isNew = true) {
    const { id, label } = result;
    const value = element("input", { type: "hidden", name: this.name, value: id });
    if (this.isMultiple) {
      const remove = element("button", { type: "button", class: "chip",
        "aria-label": (this.words.remove ?? "{label}").replace("{label}", label) },
      label, element("span", { "aria-hidden": "true" }, "×"));
      const pick = element("li", {}, remove, value);
      remove.addEventListener("click", () => this.drop(pick));
      this.picks.append(pick);
      this.input.value = "";
    } else {
      this.picks.replaceChildren(value);
      this.input.value = label;
    }
    this.close();
    this.rename();
    if (isNew) this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  drop(pick) {
    pick.remove();
    this.rename();
    this.input.focus();
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // Only what is not yet chosen is sent as text.
  rename() {
    const hasPicks = Boolean(this.picks.querySelector("input"));
    const isText = this.isMultiple ? this.input.value.trim() : !hasPicks;
    if (isText) this.input.name = this.name; else this.input.removeAttribute("name");
    this.input.required = this.required && !hasPicks;
  }

  close() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.mark(-1);
  }
}

function upgrade(root) {
  for (const input of root.querySelectorAll("input[data-suggest]:not([role=combobox])")) {
    new TypeAhead(input);
  }
}

upgrade(document);
document.addEventListener("htmx:load", (event) => upgrade(event.detail.elt));
