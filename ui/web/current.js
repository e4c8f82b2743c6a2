// The newest question goes to the top when it is asked, and again when its answer is whole and the page long enough.
let shown = "";
watch("value", () => requestAnimationFrame(() => {
  const exchange = element.querySelector(".exchange");
  if (!exchange) return;
  const state = exchange.id + (exchange.querySelector(".working") ? " working" : "");
  if (state !== shown) exchange.scrollIntoView({ block: "start" });
  shown = state;
}));
