// Choosing a place: a tap, a draggable mark, arrow keys, or the device's own position.
const DIGITS = 6;

function input(box, name) {
  const form = box.closest("form") ?? document;
  const found = form.querySelector(`[name="${name}"]`);
  if (found) found.dataset.keep = "";
  return found;
}

export function picker(gl, map, box) {
  const lon = input(box, box.dataset.lon);
  const lat = input(box, box.dataset.lat);
  const figure = box.closest("figure");
  const say = figure?.querySelector("[data-map-say]");
  let marker = null;
  let writing = false;

  const put = (at, fly = false) => {
    if (!marker) {
      marker = new gl.Marker({ draggable: true, color: getComputedStyle(box).getPropertyValue("--accent-fill").trim() });
      marker.setLngLat(at).addTo(map);
      // arrow keys move it too: the library ends each such move with the same event
      marker.on("dragend", () => put(marker.getLngLat()));
      const element = marker.getElement();
      element.tabIndex = 0;
      element.setAttribute("role", "button");
      element.setAttribute("aria-label", box.dataset.tMove);
    }
    marker.setLngLat(at);
    const { lng, lat: y } = marker.getLngLat();
    writing = true;
    if (lon) lon.value = lng.toFixed(DIGITS);
    if (lat) lat.value = y.toFixed(DIGITS);
    for (const field of [lon, lat]) {
      field?.dispatchEvent(new Event("input", { bubbles: true }));
      field?.dispatchEvent(new Event("change", { bubbles: true }));
    }
    writing = false;
    if (say) say.textContent = `${box.dataset.tHere} ${lng.toFixed(5)}, ${y.toFixed(5)} · ${box.dataset.tMove}`;
    if (fly) map.easeTo({ center: [lng, y], zoom: Math.max(map.getZoom(), 15) });
    box.dispatchEvent(new CustomEvent("linli:place", { bubbles: true, detail: { lon: lng, lat: y } }));
  };

  const follow = () => {
    if (!writing && lon?.value && lat?.value) put([Number(lon.value), Number(lat.value)], true);
  };

  map.on("click", (event) => put(event.lngLat));
  // with the map itself in focus, Enter marks its middle
  map.getCanvas().addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    put(map.getCenter());
    marker.getElement().focus();
  });
  figure?.querySelector("[data-map-locate]")?.addEventListener("click", () => {
    const lost = () => say && (say.textContent = box.dataset.tNowhere);
    if (!navigator.geolocation) return lost();
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => put([coords.longitude, coords.latitude], true),
      lost,
      { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 },
    );
  });
  lon?.addEventListener("change", follow);
  lat?.addEventListener("change", follow);
  follow();
}
