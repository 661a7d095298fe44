// Reads the code on a pack with the camera, where the browser knows how; without this file it is typed.
// Pictures stay on the device: only what the code says goes into the form.

const FORMATS = ["qr_code"];
const LOOK_EVERY_MS = 250;

const panel = document.querySelector("[data-camera]");
const form = document.querySelector("form[data-code]");

const readable = async () => {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices) return [];
  const known = await BarcodeDetector.getSupportedFormats();
  return FORMATS.filter((format) => known.includes(format));
};

const look = (video, formats) =>
  new Promise((resolve) => {
    const detector = new BarcodeDetector({ formats });
    const timer = setInterval(async () => {
      const [found] = await detector.detect(video).catch(() => []);
      if (!found) return;
      clearInterval(timer);
      resolve(found.rawValue);
    }, LOOK_EVERY_MS);
  });

const scan = async (formats) => {
  const video = panel.querySelector("video");
  const camera = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  video.srcObject = camera;
  video.hidden = false;
  await video.play();
  form.elements.namedItem("ma").value = await look(video, formats);
  for (const track of camera.getTracks()) track.stop();
  form.requestSubmit();
};

const formats = await readable().catch(() => []);
if (formats.length) {
  panel.hidden = false;
  const open = panel.querySelector("[data-open]");
  open.addEventListener("click", () => {
    open.hidden = true;
    scan(formats).catch(() => {
      const says = panel.querySelector("[data-says]");
      says.textContent = panel.dataset.failed;
      says.hidden = open.hidden = false;
    });
  });
}
