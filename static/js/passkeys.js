// Passkeys need a script; every other way of signing in works without one.

const bytes = (text) => {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
};

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const withIds = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

// A credential's id must be a host name, so addresses made of digits have no passkeys.
const able = () => Boolean(window.PublicKeyCredential) && !/^[\d.]+$|:/.test(location.hostname);

const ask = {
  get: (options) =>
    navigator.credentials.get({
      publicKey: {
        ...options,
        challenge: bytes(options.challenge),
        allowCredentials: withIds(options.allowCredentials),
      },
    }),
  create: (options) =>
    navigator.credentials.create({
      publicKey: {
        ...options,
        challenge: bytes(options.challenge),
        user: { ...options.user, id: bytes(options.user.id) },
        excludeCredentials: withIds(options.excludeCredentials),
      },
    }),
};

const write = ({ id, rawId, type, response }) => {
  const answer = { clientDataJSON: text(response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[part]) answer[part] = text(response[part]);
  }
  return JSON.stringify({ id, rawId: text(rawId), type, response: answer });
};

const perform = async (form) => {
  const token = form.elements.namedItem("csrf_token").value;
  const begun = await fetch(form.dataset.begin, {
    method: "POST",
    body: new URLSearchParams({ csrf_token: token }),
  });
  if (begun.redirected) {
    location.assign(begun.url);
    return;
  }
  if (!begun.ok) throw new Error(begun.statusText);
  const credential = await ask[form.dataset.passkey](await begun.json());
  form.elements.namedItem("tra_loi").value = write(credential);
  form.submit();
};

if (able()) {
  for (const absent of document.querySelectorAll("[data-passkey-absent]")) absent.hidden = true;
  for (const panel of document.querySelectorAll("[data-passkey-panel]")) panel.hidden = false;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const fault = form.querySelector("[role=alert]");
      fault.hidden = true;
      perform(form).catch(() => {
        fault.hidden = false;
      });
    });
  }
}
