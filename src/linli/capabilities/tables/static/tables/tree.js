// Ticking an area ticks everything below it; an area of which only a part is ticked shows so. Only whole areas are sent.
// The communities of a street come when it is opened; what was found by its name and ticked stays on top until then.
const top_ = document.querySelector(".tree-top");
const kept = top_.querySelector(".tree-kept");
const trunk = top_.querySelector(":scope > .tree:last-child");

function below(box) {
  return [...box.closest("li").querySelectorAll(":scope > details > .tree input")];
}

function shown() {
  for (const box of [...trunk.querySelectorAll("[data-branch]")].reverse()) {
    const next = ":scope > details > .tree > li > .tree-tick > input";
    const inner = [...box.closest("li").querySelectorAll(next)];
    if (!inner.length) continue;
    box.checked = inner.every((each) => each.checked);
    box.indeterminate = !box.checked && inner.some((each) => each.checked || each.indeterminate);
  }
}

function spread(box) {
  for (const each of below(box)) each.checked = box.checked;
}

function twin(box) {
  return trunk.querySelector(`input[value="${box.value}"]`);
}

// A place that was found stands in for its box in the tree; one that is not drawn yet waits on top.
function found(box) {
  const other = twin(box);
  if (other) {
    other.checked = box.checked;
    spread(other);
  } else if (box.checked) {
    kept.append(box.closest("li"));
  } else if (box.closest(".tree-kept")) {
    box.closest("li").remove();
  }
}

top_.addEventListener(
  "change",
  (event) => {
    const box = event.target;
    if (box.dataset.branch !== undefined) spread(box);
    if (box.dataset.found !== undefined) found(box);
    shown();
    for (const each of top_.querySelectorAll("[data-found]")) each.checked = twin(each)?.checked ?? each.checked;
  },
  true,
);

top_.addEventListener("htmx:afterSwap", (event) => {
  const street = event.target.closest(".tree-branch")?.querySelector("[data-branch]");
  if (street?.checked) spread(street);
  for (const each of [...kept.querySelectorAll("[data-found]")]) {
    const other = twin(each);
    if (!other) continue;
    other.checked ||= each.checked;
    each.closest("li").remove();
  }
  for (const each of top_.querySelectorAll("#found-areas [data-found]")) each.checked = twin(each)?.checked ?? false;
  shown();
});

for (const box of trunk.querySelectorAll("[data-branch]:checked")) spread(box);
shown();

// Enter in the search box looks for a place and sends nothing.
document.getElementById("find-area").addEventListener("keydown", (event) => {
  if (event.key === "Enter") event.preventDefault();
});

// A thousand boxes are too many for one form: what stands below a whole area goes without saying.
function thin(data) {
  const whole = [...trunk.querySelectorAll("[data-branch]:checked")];
  const said = new Set(whole.flatMap((box) => below(box).map((each) => each.value)));
  const left = new Set(data.getAll("area").filter((each) => !said.has(each)));
  data.delete("area");
  for (const each of left) data.append("area", each);
}

document.getElementById("send").addEventListener("formdata", (event) => thin(event.formData));
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.elt === top_) thin(event.detail.formData);
});
