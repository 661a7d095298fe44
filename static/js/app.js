// Progressive enhancement only: every page works without this file.
// Nodes are built, never parsed from text, so the page keeps require-trusted-types-for.

const build = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
};

document.addEventListener("click", (event) => {
  const step = event.target.closest("[data-step]");
  if (step) {
    const input = step.parentNode.querySelector("input");
    const most = Number(input.max) || 999;
    input.value = Math.min(most, Math.max(1, (Number(input.value) || 1) + Number(step.dataset.step)));
  }
  const share = event.target.closest("[data-share]");
  if (share && navigator.share) {
    event.preventDefault();
    navigator.share({ title: document.title, url: location.href }).catch(() => {});
  }
  const copy = event.target.closest("[data-copy]");
  if (copy && navigator.clipboard) {
    event.preventDefault();
    navigator.clipboard.writeText(copy.dataset.copy).then(() => {
      copy.lastChild.textContent = ` ${copy.dataset.copied}`;
    });
  }
});

document.querySelector(".errs")?.focus();

for (const select of document.querySelectorAll("select[data-submit]")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}

const sheet = document.querySelector("details.facets");
if (sheet && matchMedia("(min-width: 900px)").matches) sheet.open = true;

// The search box as a combobox (WAI-ARIA APG); Enter without a chosen row submits the form.
class Suggestions {
  constructor(form) {
    this.form = form;
    this.input = form.querySelector("input[type=search]");
    this.list = build("div", { role: "listbox", id: `${this.input.id}-goi-y`, "aria-label": form.dataset.label });
    this.panel = build("div", { class: "sug", hidden: "" }, this.list);
    form.append(this.panel);
    const aria = { role: "combobox", "aria-expanded": "false", "aria-controls": this.list.id, "aria-autocomplete": "list" };
    for (const [name, value] of Object.entries(aria)) this.input.setAttribute(name, value);
    this.chosen = -1;
    this.input.addEventListener("input", () => this.wait());
    this.input.addEventListener("keydown", (event) => this.press(event));
    form.addEventListener("focusout", (event) => form.contains(event.relatedTarget) || this.close());
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), 120);
  }

  async ask() {
    this.asking?.abort();
    const words = this.input.value.trim();
    if (words.length < 2) return this.close();
    this.asking = new AbortController();
    try {
      const address = `${this.form.dataset.suggest}?q=${encodeURIComponent(words)}`;
      const answer = await fetch(address, { headers: { Accept: "application/json" }, signal: this.asking.signal });
      if (answer.ok) this.show((await answer.json()).groups);
    } catch {
      this.close();
    }
  }

  show(groups) {
    this.options = [];
    this.list.replaceChildren(...groups.map((group, index) => this.group(group, `${this.list.id}-${index}`)));
    this.chosen = -1;
    this.open(this.options.length > 0);
  }

  group(group, id) {
    const rows = group.suggestions.map((suggestion) => this.row(suggestion));
    return build("div", { role: "group", "aria-labelledby": id }, build("p", { id }, group.name), ...rows);
  }

  row({ url, parts, note, picture, aside }) {
    const words = build("span", {}, ...parts.map(([text, hit]) => (hit ? build("mark", {}, text) : text)));
    if (note) words.append(build("small", {}, note));
    const image = picture ? build("img", { src: picture, alt: "", width: 48, height: 48 }) : build("span", { class: "ic" }, "›");
    const id = `${this.list.id}-o${this.options.length}`;
    const option = build("a", { role: "option", id, href: url, tabindex: "-1", "aria-selected": "false" }, image, words);
    option.append(build("span", { class: "xs muted" }, aside ?? ""));
    this.options.push(option);
    return option;
  }

  press(event) {
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key === "Escape") this.close();
    if (this.panel.hidden) return;
    if (event.key in moves) {
      event.preventDefault();
      this.choose((this.chosen + moves[event.key] + this.options.length) % this.options.length);
    } else if (event.key === "Enter" && this.chosen >= 0) {
      event.preventDefault();
      this.options[this.chosen].click();
    }
  }

  choose(index) {
    this.options.forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    this.chosen = index;
    this.input.setAttribute("aria-activedescendant", this.options[index].id);
  }

  open(shown) {
    this.panel.hidden = !shown;
    this.form.classList.toggle("open", shown);
    this.input.setAttribute("aria-expanded", String(shown));
    this.input.removeAttribute("aria-activedescendant");
  }

  close() {
    this.asking?.abort();
    this.open(false);
  }
}

for (const form of document.querySelectorAll("form[data-suggest]")) new Suggestions(form);

// Sales points near me: distances are computed on this device and sent nowhere.
const near = document.querySelector("[data-near]");

const radians = (degrees) => (degrees * Math.PI) / 180;

const distance = (here, point) => {
  const [a, b] = [radians(here.latitude), radians(Number(point.dataset.lat))];
  const [dy, dx] = [b - a, radians(Number(point.dataset.lon) - here.longitude)];
  const h = Math.sin(dy / 2) ** 2 + Math.cos(a) * Math.cos(b) * Math.sin(dx / 2) ** 2;
  return 12742 * Math.asin(Math.sqrt(h));
};

const write = (km) => (km < 10 ? Math.max(0.1, km).toFixed(1) : km.toFixed(0));

const arrange = (here) => {
  const says = document.querySelector("[data-near-says]");
  const list = document.querySelector(".pos");
  if (!list) return;
  const points = [...list.children].map((point) => [point.dataset.lat ? distance(here, point) : Infinity, point]);
  points.sort(([a], [b]) => a - b);
  for (const [km, point] of points) {
    if (km < Infinity) point.querySelector("[data-km]").textContent = ` · ${near.dataset.about.replace("{km}", write(km))}`;
    list.append(point);
  }
  const nearest = points[0]?.[0] ?? Infinity;
  says.textContent = nearest > 50 && nearest < Infinity ? near.dataset.far.replace("{km}", write(nearest)) : near.dataset.done;
};

if (near && "geolocation" in navigator) {
  near.hidden = false;
  near.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => arrange(coords),
      () => { document.querySelector("[data-near-says]").textContent = near.dataset.denied; },
      { timeout: 15000, maximumAge: 600000 },
    );
  });
}

// Trace pages that were opened stay readable without a network: the worker keeps them and nothing else.
const printed = location.pathname.match(/^(\/en)?\/(01|t)\//);
if (printed && "serviceWorker" in navigator) {
  const worker = "/scan-worker.js";
  const policy = self.trustedTypes?.createPolicy("scan", { createScriptURL: () => worker });
  addEventListener("load", () => {
    navigator.serviceWorker.register(policy?.createScriptURL(worker) ?? worker, { scope: printed[0] }).catch(() => {});
  });
}
