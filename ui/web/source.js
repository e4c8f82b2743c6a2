// The marked words come to the middle of the panel. Escape closes it, and the arrow keys go to the next citation.
let closing = false;
const pressed = () => document.querySelector("[data-exchange][aria-pressed]");
watch("value", () => requestAnimationFrame(() => {
  const title = element.querySelector("#source-title");
  if (!title) {  // back to where it was opened from, if that is still there
    const from = pressed();
    if (closing) (from?.checkVisibility() ? from : document.querySelector("#question textarea"))?.focus();
    closing = false;
    return;
  }
  const panel = element.closest("#reading");
  title.focus({ preventScroll: true });
  const target = element.querySelector("mark");
  const head = element.querySelector(".bar").offsetHeight;
  panel.scrollTop = 0;
  if (target) {
    const above = target.getBoundingClientRect().top - panel.getBoundingClientRect().top;
    panel.scrollTop = Math.max(0, above - head - (panel.clientHeight - head) / 3);
  }
}));
function close() {
  closing = true;
  trigger("close");
}
element.addEventListener("click", (event) => {
  if (event.target.closest("[data-close]")) close();
  const said = event.target.closest("[data-said]");
  if (said && pressed()) {
    const { exchange, citation } = pressed().dataset;
    const deeds = said.closest(".deeds");
    const reason = said.dataset.said === "bad" ? deeds.querySelector("[data-reason]").value : "";
    trigger("deed", { exchange, citation, kind: said.dataset.said, reason });
    deeds.querySelector(".judge").removeAttribute("open");
    deeds.querySelector(".told").textContent = "Thank you.";
  }
});
document.addEventListener("keydown", (event) => {
  if (!element.querySelector(".opened")) return;
  if (event.key === "Escape" && !event.defaultPrevented) close();
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step && element.contains(event.target) && pressed()) window.datelineNext(pressed(), step, event);
});
window.datelineNext = (from, step, event) => {
  const { exchange, citation } = from.dataset;
  const all = [...document.querySelectorAll(`.cite[data-exchange="${CSS.escape(exchange)}"]`)];
  const at = all.includes(from) ? all.indexOf(from) : all.findIndex((cite) => cite.dataset.citation === citation);
  const next = all[at + step];
  if (!next) return;
  event.preventDefault();
  next.click();
};
