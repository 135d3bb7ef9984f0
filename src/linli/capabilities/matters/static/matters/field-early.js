// Runs before the page's own scripts: a form pressed before they arrive waits for them, so that nothing goes past the phone's queue.
(function () {
  var WAIT = 10000; // then it goes the way it goes without scripts
  var pressed = null;
  function hold(event) {
    if (!event.target.dataset.queueForm) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (pressed) return;
    pressed = { form: event.target, button: event.submitter };
    if (pressed.button) pressed.button.classList.add("is-busy");
    setTimeout(release, WAIT);
  }
  function release() {
    document.removeEventListener("submit", hold, true);
    var held = pressed;
    pressed = null;
    if (!held) return;
    if (held.button) held.button.classList.remove("is-busy");
    held.form.requestSubmit(held.button);
  }
  document.addEventListener("submit", hold, true);
  document.addEventListener("linli:field", release, { once: true });
})();
