// Distances from here, computed on this device and sent nowhere; hidden where it cannot work.
const button = document.querySelector("[data-near]");
const says = document.querySelector("[data-near-says]");
const radians = (degrees) => (degrees * Math.PI) / 180;

const distance = (here, point) => {
  const [a, b] = [radians(here.latitude), radians(Number(point.dataset.lat))];
  const [dy, dx] = [b - a, radians(Number(point.dataset.lon) - here.longitude)];
  const h = Math.sin(dy / 2) ** 2 + Math.cos(a) * Math.cos(b) * Math.sin(dx / 2) ** 2;
  return 12742 * Math.asin(Math.sqrt(h));
};

const write = (km) => (km < 10 ? Math.max(0.1, km).toFixed(1) : km.toFixed(0));

const arrange = (here) => {
  const list = document.querySelector(".pos");
  if (!list) return;
  const points = [...list.children].map((point) => [point.dataset.lat ? distance(here, point) : Infinity, point]);
  points.sort(([a], [b]) => a - b);
  for (const [km, point] of points) {
    if (km < Infinity) point.querySelector("[data-km]").textContent = ` · ${button.dataset.about.replace("{km}", write(km))}`;
    list.append(point);
  }
  const nearest = points[0]?.[0] ?? Infinity;
  says.textContent = nearest > 50 ? button.dataset.far.replace("{km}", write(nearest)) : button.dataset.done;
};

if (button && "geolocation" in navigator) {
  button.hidden = false;
  button.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => arrange(coords),
      () => { says.textContent = button.dataset.denied; },
      { timeout: 15000, maximumAge: 600000 },
    );
  });
}
