element.addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-citation], [data-passage]");
  if (!chosen || !element.contains(chosen)) return;
  document.querySelectorAll("[data-exchange][aria-pressed]").forEach((other) => other.removeAttribute("aria-pressed"));
  chosen.setAttribute("aria-pressed", "true");
  const { exchange, citation, passage } = chosen.dataset;
  trigger("cite", { exchange, citation, passage });
});
