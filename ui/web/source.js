watch("value", () => requestAnimationFrame(() => {
  const title = element.querySelector("#source-title");
  if (!title) return;
  title.focus({ preventScroll: true });
  const mark = element.querySelector("mark");
  (mark || title).scrollIntoView({ block: mark ? "center" : "start", inline: "nearest" });
}));
element.addEventListener("click", (event) => {
  if (event.target.closest("[data-back]")) document.querySelector("[data-exchange][aria-pressed]")?.focus();
});
