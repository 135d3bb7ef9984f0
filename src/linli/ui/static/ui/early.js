// Runs before the first paint: the reader's own theme, text size and night, so that nothing flashes.
(function () {
  var root = document.documentElement;
  function kept(name) {
    var found = document.cookie.match("(?:^|; )" + name + "=([^;]*)");
    return found ? found[1] : "";
  }
  var theme = kept("theme");
  var night = window.matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.bsTheme = theme === "dark" || theme === "light" ? theme : night ? "dark" : "light";
  root.dataset.theme = theme || "auto";
  var size = kept("size");
  if (size === "large" || size === "elder") root.dataset.size = size;
  root.classList.add("js");
})();
