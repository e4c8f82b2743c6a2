// A click on a source opens it; a wish beside an answer asks again in another way, or brings the question into the box.
element.addEventListener("click", async (event) => {
  const copied = event.target.closest("[data-copy]");
  const deed = event.target.closest("[data-deed]");
  if (copied) {
    const done = await copy(copied.dataset.copy);
    copied.closest(".deeds").querySelector(".told").textContent = done ? "Copied with its sources." : "This browser does not let it be copied.";
    return;
  }
  if (deed) {
    const { exchange, deed: kind } = deed.dataset;
    const reason = deed.closest(".judge")?.querySelector("[data-reason]").value ?? "";
    trigger("deed", { exchange, kind, reason });
    deed.closest(".judge")?.removeAttribute("open");
    return;
  }
  const wished = event.target.closest("[data-wish]");
  if (wished && element.contains(wished)) {
    if (event.detail > 1) return; // the second click of a double click
    const { exchange, scope, wish } = wished.dataset;
    const edits = wish === "edit" || wish === "reword";
    trigger(edits ? "edit" : "again", { exchange, scope, wish });
    if (edits) document.querySelector("#question textarea")?.focus();
    return;
  }
  const chosen = event.target.closest("[data-citation], [data-passage]");
  if (!chosen || !element.contains(chosen)) return;
  document.querySelectorAll("[data-exchange][aria-pressed]").forEach((other) => other.removeAttribute("aria-pressed"));
  chosen.setAttribute("aria-pressed", "true");
  const { exchange, citation, passage } = chosen.dataset;
  trigger("cite", { exchange, citation, passage });
});
// What is wrong is typed where it can be seen, above the composer.
element.addEventListener("toggle", (event) => {
  if (!event.target.matches(".judge") || !event.target.open) return;
  event.target.scrollIntoView({ block: "nearest" });
  event.target.querySelector("[data-reason]").focus({ preventScroll: true });
}, true);
// The arrow keys go from number to number of the same answer, and open each.
element.addEventListener("keydown", (event) => {
  const cite = event.target.closest(".cite");
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (cite && step) window.datelineNext?.(cite, step, event);
});
