// Photos before they are sent: shown, made smaller, taken out again. The original stays when making smaller fails.
const EDGE = 1600;
const QUALITY = 0.85;
const WORTH = 400 * 1024;

async function smaller(file) {
  if (!file.type.startsWith("image/") || file.type === "image/gif" || file.size < WORTH) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, EDGE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    if (!blob || blob.size >= file.size) return file;
    const name = file.name.replace(/\.[^.]*$/, "") + ".jpg";
    return new File([blob], name, { type: "image/jpeg", lastModified: file.lastModified });
  } catch {
    return file;
  }
}

function put(input, files) {
  const box = new DataTransfer();
  for (const file of files) box.items.add(file);
  input.files = box.files;
}

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${document.body.dataset.sprite}#${name}`);
  svg.append(use);
  return svg;
}

function face(file) {
  const face = document.createElement("span");
  if (file.type.startsWith("image/")) {
    face.className = "photo";
    const image = document.createElement("img");
    image.alt = file.name;
    image.src = URL.createObjectURL(file);
    image.addEventListener("load", () => URL.revokeObjectURL(image.src));
    image.addEventListener("error", () => face.replaceChildren(file.name));
    face.append(image);
  } else {
    face.className = "attached";
    face.append(icon("paperclip"), file.name);
  }
  return face;
}

function watch(drop) {
  const input = drop.querySelector('input[type="file"]');
  const shown = drop.querySelector("[data-preview]");
  let kept = [];

  const show = () => {
    shown.replaceChildren(
      ...kept.map((file) => {
        const line = document.createElement("li");
        const out = document.createElement("button");
        out.type = "button";
        out.className = "btn btn-icon";
        out.setAttribute("aria-label", `${drop.dataset.remove} ${file.name}`);
        out.append(icon("x"));
        out.addEventListener("click", () => {
          kept = kept.filter((f) => f !== file);
          put(input, kept);
          show();
          input.focus();
        });
        line.append(face(file), out);
        return line;
      }),
    );
  };

  const take = async (files) => {
    const form = input.form;
    form?.setAttribute("aria-busy", "true");
    const ready = await Promise.all([...files].map(smaller));
    kept = input.multiple ? [...kept, ...ready] : ready.slice(0, 1);
    put(input, kept);
    form?.removeAttribute("aria-busy");
    show();
  };

  input.addEventListener("change", () => take(input.files));
  drop.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("is-over");
  });
  drop.addEventListener("dragleave", () => drop.classList.remove("is-over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("is-over");
    if (event.dataTransfer.files.length) take(event.dataTransfer.files);
  });
}

export function photos(root) {
  for (const drop of root.querySelectorAll("[data-drop]")) watch(drop);
}
