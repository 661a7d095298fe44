// Progressive enhancement of the workspace: every page works without this file.
// A form with data-draft="<key>" keeps what is typed on this device until it has arrived, and offers it again.

const PREFIX = "draft:";
const KEPT_FOR_MS = 30 * 24 * 3600 * 1000;
const KINDS_LEFT_OUT = new Set(["hidden", "file", "password", "submit", "button"]);

const build = (tag, attributes, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
};

// Where a browser keeps nothing, drafts are simply not kept.
const store = {
  get(key) {
    try {
      return JSON.parse(localStorage.getItem(PREFIX + key));
    } catch {
      return null;
    }
  },
  set(key, draft) {
    try {
      localStorage.setItem(PREFIX + key, JSON.stringify(draft));
    } catch {
      this.drop(key);
    }
  },
  drop(key) {
    try {
      localStorage.removeItem(PREFIX + key);
    } catch {
      // nothing was kept
    }
  },
};

class Draft {
  constructor(form) {
    this.form = form;
    this.key = form.dataset.draft;
    this.version = form.elements.namedItem("version")?.value ?? "";
    this.shown = JSON.stringify(this.read());
    form.addEventListener("input", (event) => event.target.type === "file" || this.wait());
    form.addEventListener("submit", () => this.keep(true));
    addEventListener("pagehide", () => this.timer && this.keep(false));
    this.offerAgain();
  }

  fields() {
    return [...this.form.elements].filter((field) => field.name && !KINDS_LEFT_OUT.has(field.type));
  }

  read() {
    return this.fields().map((field) =>
      ["checkbox", "radio"].includes(field.type)
        ? [field.name, field.value, field.checked]
        : [field.name, field.value],
    );
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(false), 300);
  }

  keep(sent) {
    clearTimeout(this.timer);
    this.timer = 0;
    const fields = this.read();
    if (JSON.stringify(fields) === this.shown) store.drop(this.key);
    else store.set(this.key, { fields, version: this.version, sent, at: Date.now() });
  }

  // What was sent and raised the version has arrived; a page that shows faults holds the words already.
  offerAgain() {
    const draft = store.get(this.key);
    if (!draft) return;
    const arrived = draft.sent && draft.version !== this.version;
    const same = JSON.stringify(draft.fields) === this.shown;
    if (arrived || same || (draft.sent && !this.version) || Date.now() - draft.at > KEPT_FOR_MS) store.drop(this.key);
    else if (!document.querySelector(".errs, #khac")) this.offer(draft);
  }

  offer(draft) {
    const words = this.form.dataset;
    const yes = build("button", { type: "button", class: "btn s sm" }, words.draftRestore);
    const no = build("button", { type: "button", class: "link" }, words.draftDrop);
    const note = build(
      "div",
      { class: "note warn", role: "status" },
      build("div", { class: "stack" }, build("p", {}, words.draftFound), build("p", { class: "row" }, yes, no)),
    );
    this.form.prepend(note);
    yes.addEventListener("click", () => {
      this.fill(draft.fields);
      note.remove();
      this.form.querySelector(".in")?.focus();
    });
    no.addEventListener("click", () => {
      store.drop(this.key);
      note.remove();
    });
  }

  fill(kept) {
    const fields = this.fields();
    for (const [name, value, checked] of kept) {
      const field = fields.find((one) => one.name === name && (checked === undefined || one.value === value));
      if (field && checked === undefined) field.value = value;
      else if (field) field.checked = checked;
    }
  }
}

for (const form of document.querySelectorAll("form[data-draft]")) new Draft(form);

// A button with data-print prints the page; without a script the browser's own menu does.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
