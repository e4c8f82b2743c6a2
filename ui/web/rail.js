// Conversations are opened at a click, renamed in place, and deleted after one question.
element.addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-open], [data-rename], [data-delete]");
  if (!chosen) return;
  const { open, rename, title } = chosen.dataset;
  if (open) trigger("manage", { wish: "open", id: open });
  else if (rename) renaming(chosen.closest("li"), rename, title);
  else if (chosen.dataset.asked) trigger("manage", { wish: "delete", id: chosen.dataset.delete });
  else {
    chosen.dataset.asked = "yes";
    chosen.textContent = "Really delete?";
    chosen.addEventListener("blur", () => { delete chosen.dataset.asked; chosen.textContent = "Delete"; }, { once: true });
  }
});
// The button in the head of the page begins anew, and where the list lies over the page it goes once a choice is made in it.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-new]")) {
    if (location.hash) location.hash = "";
    document.getElementById("new").click();
    document.querySelector("#question textarea")?.focus();
  }
  const chosen = event.target.closest("#new, [data-open]");
  if (chosen && matchMedia("(max-width: 768px)").matches) document.querySelector("#rail.open .toggle-button")?.click();
});
function renaming(row, id, title) {
  const field = Object.assign(document.createElement("input"), { value: title, maxLength: 80, ariaLabel: "New name" });
  const button = row.querySelector(".title");
  button.replaceWith(field);
  field.focus();
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") trigger("manage", { wish: "rename", id, title: field.value });
    if (event.key === "Escape") field.replaceWith(button);
    if (event.key === "Enter" || event.key === "Escape") event.stopPropagation();
  });
}
