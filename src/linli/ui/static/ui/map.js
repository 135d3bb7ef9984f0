// Maps without any outside tile: areas as polygons, matters as points, a place to pick. WGS-84 longitude, latitude.
import { drawMarks, names, tones } from "./mapmarks.js";
import { picker } from "./mappicker.js";

const EMPTY = { type: "FeatureCollection", features: [] };
const CITY = [120.31, 31.49];

function able() {
  try {
    const canvas = document.createElement("canvas");
    return Boolean(canvas.getContext("webgl2"));
  } catch {
    return false;
  }
}

function off(box) {
  box.hidden = true;
  const figure = box.closest("figure");
  for (const words of figure?.querySelectorAll(".map-off") ?? []) words.hidden = false;
  const locate = figure?.querySelector("[data-map-locate]");
  if (locate) locate.closest("figcaption").hidden = true;
}

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

// An area that bears a tone is coloured by it: areas compared with each other.
function land() {
  const toned = ["good", "warn", "bad", "info"].flatMap((tone) => [tone, colour(`--${tone}-line`)]);
  return ["match", ["coalesce", ["get", "tone"], ""], ...toned, colour("--map-land")];
}

function style() {
  return {
    version: 8,
    sources: {
      areas: { type: "geojson", data: EMPTY },
      near: { type: "geojson", data: EMPTY },
      points: { type: "geojson", data: EMPTY, cluster: true, clusterRadius: 44, clusterMaxZoom: 15 },
    },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": colour("--map-water") } },
      { id: "areas", type: "fill", source: "areas", paint: { "fill-color": land() } },
      { id: "edges", type: "line", source: "areas", paint: { "line-color": colour("--map-line"), "line-width": 1.2 } },
      { id: "here", type: "fill", source: "near", filter: ["==", "code", ""], paint: { "fill-color": colour("--accent-fill"), "fill-opacity": 0.14 } },
      { id: "near", type: "line", source: "near", paint: { "line-color": colour("--map-line"), "line-width": 1 } },
      {
        id: "clusters",
        type: "circle",
        source: "points",
        filter: ["has", "point_count"],
        paint: {
          "circle-color": colour("--surface"),
          "circle-radius": ["interpolate", ["linear"], ["sqrt", ["get", "point_count"]], 1, 14, 10, 24, 40, 38],
          "circle-stroke-width": 2,
          "circle-stroke-color": colour("--accent-fill"),
        },
      },
      {
        id: "points",
        type: "symbol",
        source: "points",
        filter: ["!", ["has", "point_count"]],
        layout: {
          "icon-image": ["match", ["get", "tone"], tones, ["concat", "mark-", ["get", "tone"]], "mark-neutral"],
          "icon-allow-overlap": true,
        },
      },
    ],
  };
}

function repaint(map) {
  map.setPaintProperty("ground", "background-color", colour("--map-water"));
  map.setPaintProperty("areas", "fill-color", land());
  map.setPaintProperty("edges", "line-color", colour("--map-line"));
  map.setPaintProperty("here", "fill-color", colour("--accent-fill"));
  map.setPaintProperty("near", "line-color", colour("--map-line"));
  map.setPaintProperty("clusters", "circle-color", colour("--surface"));
  map.setPaintProperty("clusters", "circle-stroke-color", colour("--accent-fill"));
  drawMarks(map, colour);
}

async function json(address) {
  const answer = await fetch(address, { headers: { Accept: "application/geo+json, application/json" } });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}

function* positions(shape) {
  if (typeof shape[0] === "number") yield shape;
  else for (const inner of shape) yield* positions(inner);
}

// Open on what there is: the points when any, else the areas; a map given a zoom stays where it was put.
function fit(gl, map, data, box) {
  if (box.dataset.zoom) return false;
  const bounds = new gl.LngLatBounds();
  for (const feature of data.features) {
    if (feature.geometry) for (const at of positions(feature.geometry.coordinates)) bounds.extend(at);
  }
  if (bounds.isEmpty()) return false;
  map.fitBounds(bounds, { padding: 40, maxZoom: 15, duration: 0 });
  return true;
}

function card(box, feature) {
  const { title, href, text, state } = feature.properties;
  const words = document.createElement("div");
  words.className = "map-card";
  const line = (tag, value) => {
    if (!value) return;
    const made = document.createElement(tag);
    made.textContent = value;
    words.append(made);
  };
  line("b", title);
  line("span", state);
  line("p", text);
  if (href?.startsWith("/")) {
    const link = document.createElement("a");
    link.href = href;
    link.textContent = box.dataset.tOpen;
    words.append(link);
  }
  return words;
}

function pointing(gl, map, box) {
  map.on("click", "points", (event) => {
    const feature = event.features[0];
    new gl.Popup({ offset: 12, maxWidth: "18rem" })
      .setLngLat(feature.geometry.coordinates)
      .setDOMContent(card(box, feature))
      .addTo(map);
  });
  map.on("click", "clusters", async (event) => {
    const feature = event.features[0];
    const zoom = await map.getSource("points").getClusterExpansionZoom(feature.properties.cluster_id);
    map.easeTo({ center: feature.geometry.coordinates, zoom });
  });
  for (const layer of ["points", "clusters"]) {
    map.on("mouseenter", layer, () => (map.getCanvas().style.cursor = "pointer"));
    map.on("mouseleave", layer, () => (map.getCanvas().style.cursor = ""));
  }
}

async function fill(gl, map, box) {
  if (box.dataset.areas) {
    const areas = await json(box.dataset.areas);
    map.getSource("areas").setData(areas);
    names(gl, map, areas);
    fit(gl, map, areas, box);
  }
  if (box.dataset.src) {
    const points = await json(box.dataset.src);
    map.getSource("points").setData(points);
    if (fit(gl, map, points, box)) return;
  }
}

// The page has recognised a place: what lies around it is drawn, and comes into view when it is said where.
function surroundings(gl, map, box) {
  let shown = "";
  let forget = () => {};
  box.addEventListener("linli:view", async ({ detail: { view, areas, here } }) => {
    map.setFilter("here", ["==", "code", here ?? ""]);
    if (view) {
      const [west, south, east = west, north = south] = view.split(",").map(Number);
      map.fitBounds([[west, south], [east, north]], { padding: 28, maxZoom: 15, duration: 0 });
    }
    if (!areas || areas === shown) return;
    shown = areas;
    const found = await json(areas);
    if (shown !== areas) return;
    map.getSource("near").setData(found);
    forget();
    forget = names(gl, map, found);
  });
}

function locale(box) {
  return {
    "NavigationControl.ZoomIn": box.dataset.tIn,
    "NavigationControl.ZoomOut": box.dataset.tOut,
    "NavigationControl.ResetBearing": box.dataset.tNorth,
    "Map.Title": box.getAttribute("aria-label"),
  };
}

async function one(box) {
  if (box.dataset.on) return;
  box.dataset.on = "yes";
  if (!able()) return off(box);
  sheet(box.dataset.css);
  try {
    const gl = await import("../vendor/maplibre/maplibre-gl.mjs");
    const [lon, lat] = (box.dataset.center ?? CITY.join(",")).split(",").map(Number);
    const map = new gl.Map({
      container: box,
      style: style(),
      center: [lon, lat],
      zoom: Number(box.dataset.zoom ?? 11),
      maxZoom: 18,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      cooperativeGestures: false,
      locale: locale(box),
    });
    map.addControl(new gl.NavigationControl({ showCompass: false }), "top-right");
    map.touchZoomRotate.disableRotation();
    await map.once("load");
    drawMarks(map, colour);
    pointing(gl, map, box);
    document.addEventListener("linli:looks", () => repaint(map));
    if (box.dataset.lon) picker(gl, map, box);
    await fill(gl, map, box);
    surroundings(gl, map, box);
    drawMarks.counts(gl, map);
    box.dataset.ready = "";
    box.dispatchEvent(new CustomEvent("linli:map", { bubbles: true, detail: { map } }));
  } catch (error) {
    console.warn("map", error);
    if (!box.querySelector("canvas")) off(box);
  }
}

function sheet(address) {
  if (!address || document.querySelector(`link[href="${address}"]`)) return;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = address;
  document.head.prepend(link);
}

export function maps(root) {
  for (const box of root.querySelectorAll("[data-map]")) one(box);
}
