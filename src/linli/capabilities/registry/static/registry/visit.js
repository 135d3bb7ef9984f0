// A signature by finger: drawn on a canvas, sent as a picture in the form's own file field.
const box = document.querySelector("[data-sign]");
const pad = box?.querySelector("[data-sign-pad]");
const file = document.querySelector('.visit input[name="signature"]');
const say = box?.querySelector("[data-sign-say]");
const pen = pad?.getContext("2d");
let down = false;
let drawn = false;

function point(event) {
  const edge = pad.getBoundingClientRect();
  return [((event.clientX - edge.left) * pad.width) / edge.width, ((event.clientY - edge.top) * pad.height) / edge.height];
}

function blank() {
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, pad.width, pad.height);
  pen.strokeStyle = "#111";
  pen.lineWidth = 4;
  pen.lineCap = pen.lineJoin = "round";
  drawn = false;
  file.value = "";
  say.textContent = say.dataset.tEmpty;
}

function keep() {
  if (!drawn) return;
  pad.toBlob((blob) => {
    const held = new DataTransfer();
    held.items.add(new File([blob], "signature.png", { type: "image/png" }));
    file.files = held.files;
    say.textContent = say.dataset.tDone;
  }, "image/png");
}

function start() {
  box.hidden = false;
  blank();
  pad.addEventListener("pointerdown", (event) => {
    down = true;
    pad.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...point(event));
  });
  pad.addEventListener("pointermove", (event) => {
    if (!down) return;
    drawn = true;
    pen.lineTo(...point(event));
    pen.stroke();
  });
  for (const name of ["pointerup", "pointercancel"]) {
    pad.addEventListener(name, () => {
      down = false;
      keep();
    });
  }
  box.querySelector("[data-sign-clear]").addEventListener("click", blank);
}

if (pen && file && "DataTransfer" in window) start();
