// Forms: sent once, sent on a choice, counted while typing.

function once(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    // after the browser has read the form, so that the pressed button's value still goes along
    setTimeout(() => {
      if (event.defaultPrevented && !form.matches("[hx-post], [data-hx-post]")) return;
      form.dataset.sent = "yes";
      event.submitter?.classList.add("is-busy");
    });
  });
}

function again(form) {
  delete form.dataset.sent;
  for (const busy of form.querySelectorAll(".is-busy")) busy.classList.remove("is-busy");
}

function count(box) {
  const field = document.getElementById(box.dataset.countFor);
  const most = Number(box.dataset.max);
  if (!field) return;
  const show = () => {
    // the server counts characters, not UTF-16 halves
    const now = [...field.value].length;
    box.textContent = `${now} / ${most}`;
    box.classList.toggle("is-near", now > most * 0.9 && now <= most);
    box.classList.toggle("is-over", now > most);
  };
  field.addEventListener("input", show);
  show();
}

// A choice that narrows a list is its own answer: no second click on the button beside it.
document.addEventListener("change", (event) => {
  event.target.closest?.("[data-submit]")?.form?.requestSubmit();
});

export function forms(root) {
  for (const form of root.querySelectorAll("form[data-once]")) once(form);
  for (const box of root.querySelectorAll("[data-count-for]")) count(box);
}

// Back from the next page by the browser's own history: the form may be sent again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) again(form);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.closest?.("form");
  if (form) again(form);
});
