// The form that makes a lot: the last day of use follows the day of packing, and the button says how many
// labels it prints. Without this file the server reckons the day, and the button says so without a number.

const DAY_MS = 24 * 3600 * 1000;

const form = document.querySelector("form[data-lot]");

const digits = (text) => Number(text.replaceAll(/[\s.]/g, "")) || 0;

const follow = (fields) => {
  const [made, use] = [fields.namedItem("ngay_lam"), fields.namedItem("han_dung")];
  const span = fields.namedItem("so_ngay_dung").value;
  let reckoned = fields.namedItem("han_dung_san").value;
  made.addEventListener("change", () => {
    const from = Date.parse(made.value);
    if (span === "" || Number.isNaN(from) || use.value !== reckoned) return;
    reckoned = new Date(from + Number(span) * DAY_MS).toISOString().slice(0, 10);
    use.value = reckoned;
    fields.namedItem("ngay_lam_san").value = made.value;
    fields.namedItem("han_dung_san").value = reckoned;
  });
};

const count = (fields) => {
  const says = form.querySelector("[data-says]");
  const plain = says.textContent;
  const tell = () => {
    const labels = digits(fields.namedItem("so_tem").value) || digits(fields.namedItem("so_luong").value);
    says.textContent = labels ? form.dataset.printWords.replace("{count}", labels.toLocaleString("vi-VN")) : plain;
  };
  form.addEventListener("input", tell);
  tell();
};

if (form) {
  for (const plain of document.querySelectorAll("[data-without-script]")) plain.hidden = true;
  follow(form.elements);
  count(form.elements);
}
