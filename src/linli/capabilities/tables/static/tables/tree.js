// Ticking an area ticks everything below it; an area of which only a part is ticked shows so. Only whole areas are sent.
const top_ = document.querySelector(".tree-top");

function below(box) {
  return [...box.closest("li").querySelectorAll(":scope > details > .tree input")];
}

function shown() {
  for (const box of [...top_.querySelectorAll("[data-branch]")].reverse()) {
    const leaves = below(box).filter((each) => each.dataset.leaf !== undefined);
    const ticked = leaves.filter((each) => each.checked).length;
    box.checked = ticked > 0 && ticked === leaves.length;
    box.indeterminate = ticked > 0 && ticked < leaves.length;
  }
}

top_.addEventListener(
  "change",
  (event) => {
    const box = event.target;
    if (box.dataset.branch !== undefined) for (const each of below(box)) each.checked = box.checked;
    shown();
  },
  true,
);
shown();

// A thousand boxes are too many for one form: what stands below a whole area goes without saying.
function thin(data) {
  const whole = [...top_.querySelectorAll("[data-branch]:checked")];
  const said = new Set(whole.flatMap((box) => below(box).map((each) => each.value)));
  const kept = data.getAll("area").filter((each) => !said.has(each));
  data.delete("area");
  for (const each of kept) data.append("area", each);
}

document.getElementById("send").addEventListener("formdata", (event) => thin(event.formData));
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.elt === top_) thin(event.detail.formData);
});
