// A click on a source opens it; one beside what was understood asks again in another way, or brings it into the box.
element.addEventListener("click", (event) => {
  const wished = event.target.closest("[data-wish]");
  if (wished && element.contains(wished)) {
    const { exchange, scope, wish } = wished.dataset;
    trigger(wish === "edit" ? "edit" : "again", { exchange, scope, wish });
    if (wish === "edit") document.querySelector("#question textarea")?.focus();
    return;
  }
  const chosen = event.target.closest("[data-citation], [data-passage]");
  if (!chosen || !element.contains(chosen)) return;
  document.querySelectorAll("[data-exchange][aria-pressed]").forEach((other) => other.removeAttribute("aria-pressed"));
  chosen.setAttribute("aria-pressed", "true");
  const { exchange, citation, passage } = chosen.dataset;
  trigger("cite", { exchange, citation, passage });
});
