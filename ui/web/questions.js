// A question is asked at a click; the second click of a double click asks nothing.
element.addEventListener("click", (event) => {
  if (event.detail > 1) return;
  const example = event.target.closest("[data-ask]");
  if (example && element.contains(example)) trigger("ask", { question: example.dataset.ask });
});
