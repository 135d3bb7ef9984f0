// Drawing one polygon by hand: click adds a corner, drag moves it, double click takes it away. The text field always says the same.
const form = document.querySelector("[data-draw]");
const field = form?.querySelector('textarea[name="outline"]');
const grid = form?.querySelector('select[name="grid"]');
const say = form?.querySelector("[data-draw-say]");
const box = document.getElementById("draw-map");
let corners = [];
let marks = [];
let map;
let gl;

function geometry() {
  if (corners.length < 3) return null;
  return { type: "Polygon", coordinates: [[...corners, corners[0]].map(([x, y]) => [Number(x.toFixed(7)), Number(y.toFixed(7))])] };
}

function shown() {
  const drawn = geometry();
  const line = corners.length > 1 ? { type: "LineString", coordinates: corners } : null;
  const shape = drawn ?? line;
  map.getSource("drawn").setData({ type: "FeatureCollection", features: shape ? [{ type: "Feature", properties: {}, geometry: shape }] : [] });
  say.textContent = `${form.dataset.tCorner} ${corners.length}`;
}

function told() {
  const drawn = geometry();
  field.value = drawn ? JSON.stringify(drawn) : "";
  shown();
}

function marked() {
  for (const mark of marks) mark.remove();
  marks = corners.map((at, n) => {
    const dot = document.createElement("button");
    dot.type = "button";
    dot.className = "corner";
    dot.setAttribute("aria-label", `${form.dataset.tCorner} ${n + 1}`);
    const mark = new gl.Marker({ element: dot, draggable: true }).setLngLat(at).addTo(map);
    mark.on("drag", () => {
      const { lng, lat } = mark.getLngLat();
      corners[n] = [lng, lat];
      shown();
    });
    mark.on("dragend", told);
    dot.addEventListener("click", (event) => event.stopPropagation());
    dot.addEventListener("dblclick", (event) => {
      event.stopPropagation();
      corners.splice(n, 1);
      again();
    });
    return mark;
  });
}

function again() {
  marked();
  told();
}

function ring(shape) {
  const rings = shape.type === "MultiPolygon" ? shape.coordinates[0] : shape.coordinates;
  return rings[0].slice(0, -1).map(([x, y]) => [x, y]);
}

function read() {
  try {
    let found = JSON.parse(field.value);
    if (found.type === "FeatureCollection") found = found.features[0];
    if (found.type === "Feature") found = found.geometry;
    corners = ring(found);
    marked();
    shown();
  } catch {
    // half typed: the map waits
  }
}

async function load() {
  const answer = await fetch(box.dataset.areas);
  const areas = await answer.json();
  const feature = areas.features.find((f) => f.properties.area === grid.value);
  if (!feature) return;
  corners = ring(feature.geometry);
  again();
}

function ready(event) {
  ({ map } = event.detail);
  const tint = getComputedStyle(document.documentElement).getPropertyValue("--accent-fill").trim();
  map.addSource("drawn", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
  map.addLayer({ id: "drawn-fill", type: "fill", source: "drawn", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": tint, "fill-opacity": 0.25 } });
  map.addLayer({ id: "drawn-line", type: "line", source: "drawn", paint: { "line-color": tint, "line-width": 3 } });
  map.doubleClickZoom.disable();
  map.on("click", ({ lngLat }) => {
    corners.push([lngLat.lng, lngLat.lat]);
    again();
  });
  for (const [name, work] of [
    ["load", load],
    ["undo", () => (corners.pop(), again())],
    ["clear", () => ((corners = []), again())],
  ]) {
    const button = form.querySelector(`[data-draw-${name}]`);
    button.hidden = false;
    button.addEventListener("click", work);
  }
  field.addEventListener("input", read);
  if (field.value) read();
}

if (form && box) {
  import("../vendor/maplibre/maplibre-gl.mjs").then((made) => (gl = made.default ?? made));
  document.addEventListener("linli:map", (event) => event.target === box && (gl ? ready(event) : setTimeout(() => ready(event), 500)));
}
