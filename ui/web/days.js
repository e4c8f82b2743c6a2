// A day chosen from the browser's own calendar goes into the field beside it.
element.addEventListener("change", (event) => {
  const { part } = event.target.dataset;
  if (part && event.target.value) trigger("pick", { part, day: event.target.value });
});
