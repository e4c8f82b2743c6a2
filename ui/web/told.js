// An address is shown whole, as it can be passed on, and copied at a click.
watch("value", () => requestAnimationFrame(() => {
  const link = element.querySelector(".done a");
  if (link) link.textContent = link.href;
}));
element.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-address]");
  if (button) button.textContent = (await copy(element.querySelector(".done a").href)) ? "Copied" : "Not copied";
});
