// Gradio's drop zone names itself in words that are not on it, and where files are listed it is a button in a button.
const zone = () => document.getElementById("files");
function mend() {
  for (const inner of zone().querySelectorAll(".upload-container")) {
    const outer = inner.parentElement.closest("button");
    if (!outer) inner.removeAttribute("aria-label");
    else if (outer.getAttribute("role") !== "group") {
      inner.setAttribute("aria-label", "Choose more files");
      outer.setAttribute("role", "group");
      outer.setAttribute("aria-label", "More files");
      outer.title = "More files";
      outer.tabIndex = -1;
    }
  }
}
const waiting = setInterval(() => {
  if (!zone()) return;
  clearInterval(waiting);
  new MutationObserver(mend).observe(zone(), { childList: true, subtree: true });
  mend();
}, 100);
