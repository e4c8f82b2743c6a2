"use strict";
// Marks the characters that the address names behind #, as in #120-164. Offsets count whole characters, as Python does, and not
// the halves into which a browser divides some of them.
(() => {
  const place = document.getElementById("text");
  if (!place) return;
  const text = place.textContent;
  const characters = Array.from(text);
  const misplaced = document.getElementById("misplaced");

  function show() {
    const span = /^#(\d{1,9})-(\d{1,9})$/.exec(location.hash);
    const [start, end] = span ? [Number(span[1]), Number(span[2])] : [0, 0];
    const there = start < end && end <= characters.length;
    misplaced.hidden = !location.hash || there;
    if (!there) {
      place.textContent = text;
      return;
    }
    const mark = document.createElement("mark");
    mark.textContent = characters.slice(start, end).join("");
    mark.tabIndex = -1;
    place.replaceChildren(characters.slice(0, start).join(""), mark, characters.slice(end).join(""));
    mark.scrollIntoView({ block: "center" });
    mark.focus({ preventScroll: true });
  }

  addEventListener("hashchange", show);
  show();
})();
