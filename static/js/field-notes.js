// The notebook of the field: what is written is kept on the device first, under an identity of its own,
// and sent when there is a network. What arrives twice counts once, for the server knows the identity.
// Without this file the form sends each note by itself.

const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 60000;
const ANSWER_WITHIN_MS = 30000;
const LEFT_OUT = new Set(["csrf_token"]);
const SHOWN_SENT = 10;
const TYPED = ["ghi_chu", "so_luong"];

const promised = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const openStore = async () => {
  const opening = indexedDB.open("field-notes", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("notes", { keyPath: "id" });
  const database = await promised(opening);
  const notes = (mode) => database.transaction("notes", mode, { durability: "strict" }).objectStore("notes");
  return {
    keep: (note) => promised(notes("readwrite").put(note)),
    drop: (id) => promised(notes("readwrite").delete(id)),
    list: async () => (await promised(notes("readonly").getAll())).sort((a, b) => a.at - b.at),
  };
};

// The clock of the trade is Vietnam's, wherever the device believes to be.
const vietnam = (options) => new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Ho_Chi_Minh", ...options }).format(new Date());
const today = () => vietnam({ dateStyle: "short" });
const now = () => vietnam({ timeStyle: "short" });

// Two open pages share what waits: only one of them sends.
const alone = (work) => (navigator.locks ? navigator.locks.request("field-notes", work) : work());
const asJson = { headers: { Accept: "application/json" } };
const within = () => ({ signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });

class Notebook {
  constructor(form, store) {
    Object.assign(this, { form, store, words: form.dataset, fields: form.elements, rows: new Map(), running: false });
    this.list = document.querySelector("[data-rows]");
    this.again = document.querySelector("[data-again]");
    this.again.addEventListener("click", () => this.hurry());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.take();
    });
    form.addEventListener("click", (event) => {
      if (event.detail > 1 && event.target.closest("button")) event.preventDefault();
    });
    addEventListener("online", () => this.hurry());
    this.begin();
    this.resume();
  }

  // The page may be a copy of days ago: its clock and its identity are of then.
  begin() {
    this.fields.namedItem("ma_su_kien").value = `urn:uuid:${crypto.randomUUID()}`;
    this.fields.namedItem("ngay").value = today();
    this.fields.namedItem("gio").value = now();
  }

  async resume() {
    for (const note of await this.store.list()) if (note.action === this.form.action) this.show(note);
    this.run();
  }

  // The form is free again at once: what is typed while the device writes belongs to the next note.
  async take() {
    const read = [...new FormData(this.form)].filter(([name]) => !LEFT_OUT.has(name));
    const fields = Object.fromEntries(read);
    const whole = ["lo", "viec", "ngay", "gio"].every((name) => fields[name]);
    this.complain(whole ? "" : this.words.missing);
    if (!whole) return;
    this.last = Math.max(Date.now(), (this.last ?? 0) + 1);
    const note = { id: fields.ma_su_kien, action: this.form.action, fields, at: this.last, ...this.spoken() };
    for (const name of TYPED) this.fields.namedItem(name).value = "";
    this.begin();
    try {
      await this.store.keep(note);
    } catch {
      this.complain(this.words.full);
      if (!TYPED.some((name) => this.fields.namedItem(name).value)) this.fill(fields);
      return;
    }
    this.show(note);
    this.run();
  }

  spoken() {
    const words = (name) => this.fields.namedItem(name).selectedOptions[0]?.textContent ?? "";
    return { what: words("viec"), more: `${words("lo")} · ${this.fields.namedItem("gio").value}` };
  }

  complain(words) {
    const says = this.form.querySelector("[data-says]");
    says.textContent = words;
    says.hidden = !words;
  }

  show(note) {
    const row = this.list.querySelector("[data-row]").content.firstElementChild.cloneNode(true);
    row.querySelector("[data-what]").textContent = note.what;
    row.querySelector("[data-more]").textContent = note.more;
    row.querySelector("[data-drop]").addEventListener("click", () => this.drop(note));
    row.querySelector("[data-edit]").addEventListener("click", () => this.edit(note));
    this.list.prepend(row);
    document.querySelector("[data-kept]").hidden = false;
    this.rows.set(note.id, { note, row });
    this.tell(note.id, note.refused || this.words.queued, note.refused ? "bad" : "new");
  }

  tell(id, says, mood) {
    const { note, row } = this.rows.get(id);
    const state = row.querySelector("[data-state]");
    state.textContent = says;
    state.className = `tag ${mood}`;
    row.querySelector("[data-edit]").hidden = row.querySelector("[data-drop]").hidden = !note.refused;
  }

  async drop(note) {
    await this.store.drop(note.id);
    this.rows.get(note.id)?.row.remove();
    this.rows.delete(note.id);
  }

  // What was refused is in no lot: written again, it is another note.
  async edit(note) {
    this.fill(note.fields);
    this.fields.namedItem("ma_su_kien").value = `urn:uuid:${crypto.randomUUID()}`;
    await this.drop(note);
    this.form.scrollIntoView();
  }

  fill(fields) {
    for (const [name, value] of Object.entries(fields)) this.fields.namedItem(name).value = value;
  }

  hurry() {
    this.wake?.();
    this.run();
  }

  async run() {
    if (this.running) return;
    this.running = true;
    await alone(() => this.sendAll());
    this.running = false;
    this.again.hidden = !(await this.waiting()).length;
  }

  async waiting() {
    return (await this.store.list()).filter((note) => note.action === this.form.action && !note.refused);
  }

  async sendAll() {
    let wait = FIRST_WAIT_MS;
    for (let [note] = await this.waiting(); note; [note] = await this.waiting()) {
      if (!this.rows.has(note.id)) this.show(note);
      const told = await this.send(note);
      if (told === "signedOut") return;
      if (told === "again") {
        this.again.hidden = false;
        await this.rest(wait);
        wait = Math.min(2 * wait, LONGEST_WAIT_MS);
      } else {
        wait = FIRST_WAIT_MS;
      }
    }
    this.settle();
  }

  // Rows of notes that another page has sent meanwhile are told as sent; only the newest of those stay.
  async settle() {
    const left = new Set((await this.store.list()).map((note) => note.id));
    const sent = [...this.rows.keys()].filter((id) => !left.has(id));
    for (const id of sent) this.tell(id, this.words.sent, "ok");
    for (const id of sent.slice(0, -SHOWN_SENT)) {
      this.rows.get(id).row.remove();
      this.rows.delete(id);
    }
  }

  async send(note) {
    this.tell(note.id, this.words.sending, "new");
    const { told, says } = await this.post(note).catch(() => ({ told: "again" }));
    if (told === "sent") {
      await this.store.drop(note.id);
      this.tell(note.id, this.words.sent, "ok");
    } else if (told === "refused") {
      note.refused = says || this.words.refused;
      await this.store.keep(note);
      this.tell(note.id, note.refused, "bad");
    } else {
      this.tell(note.id, told === "again" ? this.words.waiting : this.words.signedOut, "warn");
    }
    return told;
  }

  // Whoever was signed out is led to another page, which answers well and takes no note.
  async post(note) {
    const asked = await fetch(this.words.token, { ...asJson, ...within() });
    if (asked.redirected || [401, 403, 404].includes(asked.status)) return { told: "signedOut" };
    if (!asked.ok) return { told: "again" };
    const body = new URLSearchParams({ ...note.fields, csrf_token: (await asked.json()).token });
    const answer = await fetch(note.action, { method: "POST", body, ...asJson, ...within() });
    if (answer.status === 204) return { told: "sent" };
    if (answer.redirected || [401, 403].includes(answer.status)) return { told: "signedOut" };
    if (answer.status === 422) return { told: "refused", says: (await answer.json()).messages.join(" ") };
    return { told: answer.status >= 400 && answer.status < 500 && answer.status !== 429 ? "refused" : "again" };
  }

  rest(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds * (0.75 + Math.random() / 2));
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

const tellNetwork = () => {
  document.querySelector("[data-offline]").hidden = navigator.onLine;
};

const keepPage = (address) => {
  const policy = self.trustedTypes?.createPolicy("field-notes", { createScriptURL: () => address });
  const worker = policy?.createScriptURL(address) ?? address;
  navigator.serviceWorker?.register(worker, { scope: location.pathname }).catch(() => {});
};

const form = document.querySelector("form[data-notes]");
addEventListener("online", tellNetwork);
addEventListener("offline", tellNetwork);
tellNetwork();
if (form && crypto.randomUUID) {
  const store = await openStore().catch(() => null);
  if (store) {
    new Notebook(form, store);
    keepPage(form.dataset.worker);
  }
}
