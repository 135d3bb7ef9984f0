// Counts down to the next code; without this script the server itself says how long to wait.
const button = document.querySelector("[data-wait]");

function tick(left) {
  const words = button.querySelector("span");
  button.disabled = left > 0;
  words.textContent = left > 0 ? button.dataset.waiting.replace("0", String(left)) : button.dataset.ready;
  if (left > 0) window.setTimeout(tick, 1000, left - 1);
}

if (button) tick(Number(button.dataset.wait));

const code = document.querySelector("[data-code]");
if (code) {
  code.focus();
  code.addEventListener("input", () => {
    if (/^\d{6}$/.test(code.value.trim()) && code.dataset.code === "send") code.form.requestSubmit(code.form.querySelector("[value=enter]"));
  });
}
