// Sends photographs one by one, made smaller on the device and kept there until they have arrived: a
// closed page or a lost network loses none. Without this file the form sends them by itself.
// A form takes part by holding the template of components/pictures.html (`sending_pictures`); on the other
// pages of the workspace what still waits is sent without being shown.

const LONGEST_SIDE = 1600;
const QUALITY = 0.86;
const KEPT_FOR_MS = 7 * 24 * 3600 * 1000;
const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 60000;
const ANSWER_WITHIN_MS = 90000;
const ASK_AGAIN = new Set([0, 408, 425, 429, 500, 502, 503, 504]);

// What waits is kept in IndexedDB; where a browser refuses that, in memory.
const promised = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const openStore = async () => {
  const opening = indexedDB.open("pictures", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("waiting", { keyPath: "id", autoIncrement: true });
  const database = await promised(opening);
  const waiting = (mode) => database.transaction("waiting", mode).objectStore("waiting");
  return {
    keep: (one) => promised(waiting("readwrite").add(one)),
    drop: (id) => promised(waiting("readwrite").delete(id)),
    list: () => promised(waiting("readonly").getAll()),
  };
};

const memoryStore = () => {
  const waiting = new Map();
  let last = 0;
  return {
    keep: async (one) => (waiting.set((last += 1), { ...one, id: last }), last),
    drop: async (id) => waiting.delete(id),
    list: async () => [...waiting.values()],
  };
};

const storing = openStore().catch(memoryStore);

// A camera's picture carries where it was taken; what leaves the device is drawn anew, without that.
const makeSmaller = async (file) => {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return file; // The server says in words what is wrong with it.
  }
  const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return (await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY))) ?? file;
};

// The policy lets pages show pictures of ours and data: addresses, not blob: ones.
const drawPreview = async (image, blob) => {
  const bitmap = await createImageBitmap(blob, { resizeWidth: 200, resizeQuality: "medium" }).catch(() => null);
  if (!bitmap) return;
  const canvas = document.createElement("canvas");
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext("2d").drawImage(bitmap, 0, 0);
  image.src = canvas.toDataURL("image/jpeg", 0.7);
};

const post = (token, one, progressed = () => {}) =>
  new Promise((resolve) => {
    const body = new FormData();
    body.append("csrf_token", token);
    body.append(one.field, one.blob, one.name);
    const request = new XMLHttpRequest();
    request.open("POST", one.action);
    request.setRequestHeader("Accept", "application/json");
    request.timeout = ANSWER_WITHIN_MS;
    request.upload.onprogress = (event) => progressed(Math.round((100 * event.loaded) / event.total));
    request.onload = () => resolve({ status: request.status, address: request.responseURL, text: request.responseText });
    request.onerror = request.ontimeout = () => resolve({ status: 0 });
    request.send(body);
  });

// Whoever was signed out is led to another page, which answers well and keeps no picture.
const outcomeOf = (one, answer) => {
  if (ASK_AGAIN.has(answer.status)) return "again";
  const here = answer.address && new URL(answer.address).pathname === new URL(one.action).pathname;
  if (answer.status < 300) return answer.status === 204 || here ? "sent" : "signedOut";
  return answer.status === 401 || answer.status === 403 ? "signedOut" : "refused";
};

const messageOf = (answer) => {
  try {
    return JSON.parse(answer.text).messages.join(" ");
  } catch {
    return "";
  }
};

// Two open pages share what waits: only one of them sends.
const alone = (action, work) =>
  navigator.locks ? navigator.locks.request(`pictures ${action}`, work) : work();

const about = (wait) => wait * (0.75 + Math.random() / 2);

class Sending {
  constructor(template) {
    this.template = template;
    this.words = template.dataset;
    this.form = template.closest("form");
    this.field = template.dataset.pictures;
    this.rows = new Map();
    this.sent = 0;
    this.running = false;
    this.wake = () => {};
    const inputs = [...this.form.querySelectorAll(`input[type=file][name="${this.field}"]`)];
    for (const input of inputs) input.addEventListener("change", () => this.take(input));
    for (const plain of this.form.querySelectorAll("[data-without-script]")) plain.hidden = true;
    addEventListener("online", () => this.hurry());
    this.resume();
  }

  async resume() {
    const store = await storing;
    for (const one of await store.list()) {
      if (Date.now() - one.at > KEPT_FOR_MS) await store.drop(one.id);
      else if (one.action === this.form.action) this.show(one);
    }
    this.run();
  }

  async take(input) {
    const room = Number(this.words.most) - this.rows.size - this.sent;
    const files = [...input.files];
    input.value = "";
    const store = await storing;
    for (const file of files.slice(0, Math.max(0, room))) {
      const one = { action: this.form.action, field: this.field, name: file.name, at: Date.now() };
      const row = this.draw(one.name, this.words.preparing);
      one.blob = await makeSmaller(file);
      if (one.blob !== file) one.name = file.name.replace(/\.\w+$/, "") + ".jpg";
      one.id = await store.keep(one);
      this.enter(one, row);
      this.tell(row, this.words.queued, "new");
    }
    if (files.length > room) this.rows.set(this.draw("", this.words.full, "bad"), { refused: true });
    this.run();
  }

  draw(name, says, mood = "new") {
    const row = this.template.content.firstElementChild.cloneNode(true);
    row.querySelector("[data-name]").textContent = name;
    this.template.before(row);
    this.tell(row, says, mood);
    row.querySelector("[data-drop]").addEventListener("click", () => this.drop(row));
    row.querySelector("[data-again]").addEventListener("click", () => this.hurry());
    return row;
  }

  show(one) {
    this.enter(one, this.draw(one.name, this.words.waiting, "warn"));
  }

  enter(one, row) {
    this.rows.set(row, one);
    row.querySelector("[data-name]").textContent = one.name;
    drawPreview(row.querySelector("img"), one.blob);
  }

  tell(row, says, mood, percent = null) {
    const tag = row.querySelector("[data-says]");
    tag.textContent = says;
    tag.className = `tag ${mood}`;
    const bar = row.querySelector("progress");
    bar.hidden = percent === null;
    bar.value = percent ?? 0;
    row.querySelector("[data-again]").hidden = mood !== "warn" || !this.rows.has(row);
  }

  async drop(row) {
    const one = this.rows.get(row);
    this.rows.delete(row);
    row.remove();
    if (one?.id) await (await storing).drop(one.id);
    this.finish();
  }

  hurry() {
    this.wake();
    this.run();
  }

  async run() {
    if (this.running) return;
    this.running = true;
    await alone(this.form.action, () => this.sendAll());
    this.running = false;
    this.finish();
  }

  async sendAll() {
    let wait = FIRST_WAIT_MS;
    for (let next = this.next(); next; next = this.next()) {
      const [row, one] = next;
      const told = await this.send(row, one);
      if (told === "signedOut") return;
      if (told === "again") {
        await this.rest(wait);
        wait = Math.min(2 * wait, LONGEST_WAIT_MS);
      } else {
        wait = FIRST_WAIT_MS;
      }
    }
  }

  next() {
    return [...this.rows].find(([, one]) => !one.refused);
  }

  async send(row, one) {
    const still = (await (await storing).list()).some((kept) => kept.id === one.id);
    if (!still) {
      this.rows.delete(row);
      row.remove();
      this.sent += 1;
      return "sent";
    }
    this.tell(row, this.words.sending.replace("{percent}", 0), "new", 0);
    const token = this.form.elements.namedItem("csrf_token").value;
    const answer = await post(token, one, (percent) =>
      this.tell(row, this.words.sending.replace("{percent}", percent), "new", percent),
    );
    const told = outcomeOf(one, answer);
    if (told === "again") this.tell(row, this.words.waiting, "warn");
    if (told === "signedOut") this.tell(row, this.words.signedOut, "warn");
    if (told === "refused" || told === "sent") await (await storing).drop(one.id);
    if (told === "refused") {
      one.refused = true;
      this.tell(row, messageOf(answer) || this.words.refused, "bad");
    }
    if (told === "sent") {
      this.rows.delete(row);
      this.sent += 1;
      this.tell(row, this.words.sent, "ok");
      row.querySelector("[data-drop]").hidden = true;
    }
    return told;
  }

  rest(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, about(milliseconds));
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  // The page is asked for anew when all have arrived, and shows them as everybody will see them.
  finish() {
    if (this.sent && !this.rows.size && !this.running) location.replace(location.href.split("#")[0]);
  }
}

// What is refused here stays, to be told where its form is.
const sendUnseen = async (token) => {
  const store = await storing;
  const ours = (await store.list()).filter((one) => Date.now() - one.at < KEPT_FOR_MS);
  for (const action of new Set(ours.map((one) => one.action))) {
    await alone(action, async () => {
      let wait = FIRST_WAIT_MS;
      for (const { id } of ours.filter((one) => one.action === action)) {
        let told = "again";
        while (told === "again") {
          const one = (await store.list()).find((kept) => kept.id === id);
          told = one ? outcomeOf(one, await post(token, one)) : "gone";
          if (told === "again") await new Promise((resolve) => setTimeout(resolve, about(wait)));
          wait = told === "again" ? Math.min(2 * wait, LONGEST_WAIT_MS) : FIRST_WAIT_MS;
        }
        if (told === "sent") await store.drop(id);
        if (told === "signedOut") return;
      }
    });
  }
};

const templates = document.querySelectorAll("template[data-pictures]");
for (const template of templates) new Sending(template);
const token = document.querySelector("input[name=csrf_token]");
if (!templates.length && token) sendUnseen(token.value);
