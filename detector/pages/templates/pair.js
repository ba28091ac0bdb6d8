"use strict";
// Light up what corresponds to the piece under the pointer or the focus, and say it in words.
(() => {
  const sides = document.getElementById("sides");
  const said = document.getElementById("counterpart");
  if (!sides || !said) return;
  const pieces = [...sides.querySelectorAll("[data-p]")];
  const byPlace = new Map();
  for (const piece of pieces) {
    if (!byPlace.has(piece.dataset.p)) byPlace.set(piece.dataset.p, []);
    byPlace.get(piece.dataset.p).push(piece);
  }
  const resting = said.textContent;
  let lit = [];
  const quote = (parts) => "“" + parts.map((part) => part.textContent).join(" … ") + "”";
  const show = (piece) => {
    for (const old of lit) old.classList.remove("hot");
    lit = piece ? byPlace.get(piece.dataset.p) : [];
    for (const now of lit) now.classList.add("hot");
    if (!piece) { said.textContent = resting; return; }
    const ours = lit.filter((part) => part.closest("[data-side]").dataset.side === "suspect");
    const theirs = lit.filter((part) => part.closest("[data-side]").dataset.side === "source");
    said.textContent = piece.dataset.kind + ": source " + quote(theirs) + " → suspect " + quote(ours);
  };
  const of = (event) => event.target instanceof Element && event.target.closest("[data-p]");
  sides.addEventListener("mouseover", (event) => { const piece = of(event); if (piece) show(piece); });
  sides.addEventListener("mouseleave", () => show(null));
  sides.addEventListener("focusin", (event) => { const piece = of(event); if (piece) show(piece); });
  sides.addEventListener("focusout", () => show(null));
  const moveTo = (piece) => {
    for (const other of pieces) other.tabIndex = -1;
    piece.tabIndex = 0;
    piece.focus();
  };
  sides.addEventListener("click", (event) => { const piece = of(event); if (piece) moveTo(piece); });
  sides.addEventListener("keydown", (event) => {
    const piece = of(event);
    if (!piece) return;
    const here = pieces.indexOf(piece);
    const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    if (event.key in steps) {
      const next = pieces[here + steps[event.key]];
      if (next) moveTo(next);
      event.preventDefault();
    } else if (event.key === "Enter") {
      const side = piece.closest("[data-side]").dataset.side;
      const other = byPlace.get(piece.dataset.p).find((part) => part.closest("[data-side]").dataset.side !== side);
      if (other) moveTo(other);
      event.preventDefault();
    } else if (event.key === "Escape") {
      show(null);
    }
  });
  if (pieces.length) pieces[0].tabIndex = 0;
})();
