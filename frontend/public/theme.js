// Sets the theme before anything is painted: the chosen one, else the system's.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("wildwatch-theme");
  } catch {
    // No storage: the system decides.
  }
  const system = matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
  document.documentElement.dataset.theme = chosen === "dark" || chosen === "light" ? chosen : system;
})();
