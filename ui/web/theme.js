// The scheme that was chosen here, before anything is painted; the system's where none was.
const KEY = "dateline-theme";
const system = matchMedia("(prefers-color-scheme: dark)");
function apply() {
  const dark = (localStorage.getItem(KEY) ?? (system.matches ? "dark" : "light")) === "dark";
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  if (document.body && document.body.classList.contains("dark") !== dark) document.body.classList.toggle("dark", dark);
}
apply();
system.addEventListener("change", apply);
document.addEventListener("DOMContentLoaded", () => {
  apply();
  new MutationObserver(apply).observe(document.body, { attributeFilter: ["class"] });  // Gradio sets its own
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-theme-switch]")) return;
  localStorage.setItem(KEY, document.documentElement.dataset.theme === "dark" ? "light" : "dark");
  apply();
});
// The view that the address names behind its #: the questions, or the adding of articles.
function view() {
  document.documentElement.dataset.view = location.hash === "#adding" ? "adding" : "";
}
view();
addEventListener("hashchange", () => { view(); scrollTo(0, 0); });
