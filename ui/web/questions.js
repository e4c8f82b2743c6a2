element.addEventListener("click", (event) => {
  const example = event.target.closest("[data-ask]");
  if (example && element.contains(example)) trigger("ask", { question: example.dataset.ask });
});
