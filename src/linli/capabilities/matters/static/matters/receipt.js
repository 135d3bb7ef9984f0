// The receipt on paper.
document.querySelector("[data-print]")?.addEventListener("click", () => print());
