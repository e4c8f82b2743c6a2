element.addEventListener("click", (event) => {
  const chip = event.target.closest("[data-part]");
  if (chip) trigger("drop", { part: chip.dataset.part });
});
