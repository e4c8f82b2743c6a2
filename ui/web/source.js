// The marked words come to the middle of the panel, or of the page where the panel does not scroll by itself.
watch("value", () => requestAnimationFrame(() => {
  const title = element.querySelector("#source-title");
  if (!title) return;
  title.focus({ preventScroll: true });
  const target = element.querySelector("mark") || title;
  const panel = element.closest("#reading");
  if (getComputedStyle(panel).position === "sticky") {
    const above = target.getBoundingClientRect().top - panel.getBoundingClientRect().top;
    panel.scrollTop += above - panel.clientHeight / 3;
    target.scrollIntoView({ block: "nearest" });
  } else {
    target.scrollIntoView({ block: target === title ? "start" : "center" });
  }
}));
element.addEventListener("click", (event) => {
  if (event.target.closest("[data-back]")) document.querySelector("[data-exchange][aria-pressed]")?.focus();
});
