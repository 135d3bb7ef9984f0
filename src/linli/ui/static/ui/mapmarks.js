// What stands on a map: marks that differ in shape as well as colour, names of areas, counts of clusters.
export const tones = ["good", "warn", "bad", "info"];
const SHIFTS = [0, -26, 26, -44, 44]; // where a name may stand, in pixels below its place
const SIZE = 44; // drawn at twice the shown size
const MARKS = {
  good: ["--good", "round"],
  warn: ["--c3", "diamond"],
  bad: ["--bad-fill", "square"],
  info: ["--info", "round"],
  neutral: ["--muted", "round"],
};

function trace(pen, shape) {
  const mid = SIZE / 2;
  const r = 15;
  pen.beginPath();
  if (shape === "round") pen.arc(mid, mid, r, 0, 2 * Math.PI);
  else if (shape === "square") pen.roundRect(mid - 13, mid - 13, 26, 26, 4);
  else {
    pen.moveTo(mid, mid - 18);
    pen.lineTo(mid + 18, mid);
    pen.lineTo(mid, mid + 18);
    pen.lineTo(mid - 18, mid);
    pen.closePath();
  }
}

function mark(fill, edge, shape) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE;
  const pen = canvas.getContext("2d");
  trace(pen, shape);
  pen.fillStyle = fill;
  pen.fill();
  pen.lineWidth = 4;
  pen.strokeStyle = edge;
  pen.stroke();
  return pen.getImageData(0, 0, SIZE, SIZE);
}

/** Add or redraw the marks in the colours of the hour. */
export function drawMarks(map, colour) {
  for (const [tone, [fill, shape]] of Object.entries(MARKS)) {
    const image = mark(colour(fill), colour("--surface"), shape);
    const name = `mark-${tone}`;
    if (map.hasImage(name)) map.updateImage(name, image);
    else map.addImage(name, image, { pixelRatio: 2 });
  }
}

// Counts are page elements, not drawn text: no font files are needed.
drawMarks.counts = (gl, map) => {
  const shown = new Map();
  const update = () => {
    if (!map.isSourceLoaded("points")) return;
    const now = new Set();
    for (const { geometry, properties } of map.querySourceFeatures("points", { filter: ["has", "point_count"] })) {
      const key = properties.cluster_id;
      now.add(key);
      if (shown.has(key)) continue;
      const words = document.createElement("span");
      words.className = "map-count num";
      words.textContent = properties.point_count_abbreviated;
      shown.set(key, new gl.Marker({ element: words }).setLngLat(geometry.coordinates).addTo(map));
      words.removeAttribute("tabindex");
      words.removeAttribute("role");
      words.removeAttribute("aria-label");
      words.setAttribute("aria-hidden", "true");
    }
    for (const [key, marker] of shown) {
      if (now.has(key)) continue;
      marker.remove();
      shown.delete(key);
    }
  };
  map.on("render", update);
};

function edges(feature) {
  const found = [180, 90, -180, -90];
  const walk = (shape) => {
    if (typeof shape[0] !== "number") return shape.forEach(walk);
    found[0] = Math.min(found[0], shape[0]);
    found[1] = Math.min(found[1], shape[1]);
    found[2] = Math.max(found[2], shape[0]);
    found[3] = Math.max(found[3], shape[1]);
  };
  walk(feature.geometry.coordinates);
  return found;
}

function middle(feature) {
  const given = feature.properties.centroid ?? feature.properties.center;
  if (given) return given;
  const [west, south, east, north] = edges(feature);
  return [(west + east) / 2, (south + north) / 2];
}

// The place that holds all the others gives its name to the page, not to the map.
function holdsTheOthers(feature, named) {
  if (named.length < 3) return false;
  const [west, south, east, north] = edges(feature);
  return named.every((other) => {
    const [lon, lat] = middle(other);
    return other === feature || (west <= lon && lon <= east && south <= lat && lat <= north);
  });
}

/** Names in the middle of each area; one that runs into a count or another name moves a little or gives way. Returns what takes them away. */
export function names(gl, map, areas) {
  const named = areas.features.filter((f) => f.properties?.name && f.geometry);
  const words = named
    .filter((feature) => !holdsTheOthers(feature, named))
    .map((feature) => {
      const element = document.createElement("span");
      element.className = "map-name";
      element.textContent = feature.properties.name;
      const marker = new gl.Marker({ element }).setLngLat(middle(feature)).addTo(map);
      for (const name of ["tabindex", "role", "aria-label"]) element.removeAttribute(name);
      return marker;
    });
  const meets = (a, b) => a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top;
  const place = (marker, taken) => {
    const element = marker.getElement();
    element.hidden = false;
    for (const down of SHIFTS) {
      marker.setOffset([0, down]);
      const box = element.getBoundingClientRect();
      if (!taken.some((other) => meets(box, other))) return taken.push(box);
    }
    element.hidden = true;
  };
  const thin = () => {
    const counts = map.getContainer().querySelectorAll(".map-count");
    const taken = [...counts].map((count) => count.getBoundingClientRect());
    for (const marker of words) place(marker, taken);
  };
  map.on("idle", thin);
  return () => {
    map.off("idle", thin);
    for (const marker of words) marker.remove();
  };
}
