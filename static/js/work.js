// Progressive enhancement of the workspace: every page works without this file.
// A form marked data-draft="<key>" keeps what is typed on this device until it is sent, and offers it again.

const PREFIX = "nhap:";
const build = (tag, attributes, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
};

const kept = (form) => [...form.elements].filter((field) =>
  field.name && !["hidden", "file", "password", "submit"].includes(field.type) && field.tagName !== "BUTTON");

const read = (form) => kept(form).map((field) =>
  ["checkbox", "radio"].includes(field.type) ? [field.name, field.value, field.checked] : [field.name, field.value]);

const fill = (form, draft) => {
  const places = {};
  for (const [name, value, checked] of draft) {
    const fields = kept(form).filter((field) => field.name === name);
    if (checked === undefined) {
      const field = fields[places[name] ??= 0];
      places[name] += 1;
      if (field) field.value = value;
    } else {
      const field = fields.find((one) => one.value === value);
      if (field) field.checked = checked;
    }
  }
};

const store = {
  get(key) { try { return JSON.parse(localStorage.getItem(PREFIX + key)); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(PREFIX + key, JSON.stringify(value)); } catch { /* full, or forbidden */ } },
  drop(key) { try { localStorage.removeItem(PREFIX + key); } catch { /* forbidden */ } },
};

const offer = (form, key, draft) => {
  const yes = build("button", { type: "button", class: "btn s sm" }, form.dataset.draftRestore);
  const no = build("button", { type: "button", class: "link" }, form.dataset.draftDrop);
  const note = build("div", { class: "note warn", role: "status" },
    build("div", { class: "stack" }, build("p", {}, form.dataset.draftFound), build("p", { class: "row" }, yes, no)));
  form.prepend(note);
  yes.addEventListener("click", () => { fill(form, draft); note.remove(); form.querySelector(".in")?.focus(); });
  no.addEventListener("click", () => { store.drop(key); note.remove(); });
};

for (const form of document.querySelectorAll("form[data-draft]")) {
  const key = form.dataset.draft;
  const sent = sessionStorage.getItem(PREFIX + key);
  sessionStorage.removeItem(PREFIX + key);
  const draft = store.get(key);
  const asShown = JSON.stringify(read(form));
  const refused = document.querySelector(".errs") !== null;
  if (draft && JSON.stringify(draft) !== asShown && !refused && !sent) offer(form, key, draft);
  let timer;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => store.set(key, read(form)), 400);
  });
  form.addEventListener("submit", () => { clearTimeout(timer); store.set(key, read(form)); });
}

// What was sent and taken needs keeping no longer: the page after it names the key.
for (const done of document.querySelectorAll("[data-draft-done]")) store.drop(done.dataset.draftDone);
