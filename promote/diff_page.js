"use strict";
(() => {
  const documents = [...document.querySelectorAll("details.d")].map((element) => ({
    element,
    folded: element.classList.contains("folded"),
    kind: element.dataset.kind,
    environment: element.dataset.environment,
    words: new Set([element.dataset.change, ...element.dataset.impact.split(" ")]),
    text: null,
  }));
  const sections = [...document.querySelectorAll("section")];
  const search = document.getElementById("search");
  const count = document.getElementById("count");
  const chips = [...document.querySelectorAll("button[data-filter]")];

  /* Chips of one sort widen each other, those of different sorts narrow. */
  const wanted = () => {
    const sorts = new Map();
    for (const chip of chips) {
      if (chip.getAttribute("aria-pressed") !== "true") continue;
      const [sort, value] = chip.dataset.filter.split(":");
      if (!sorts.has(sort)) sorts.set(sort, new Set());
      sorts.get(sort).add(value);
    }
    return sorts;
  };

  const tests = {
    kind: (d, values) => values.has(d.kind),
    environment: (d, values) => values.has(d.environment),
    change: (d, values) => [...values].some((v) => d.words.has(v)),
    impact: (d, values) => [...values].some((v) => d.words.has(v)),
  };

  const update = () => {
    const sorts = wanted();
    const terms = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const noise = document.body.classList.contains("all");
    let shown = 0, most = 0;
    for (const d of documents) {
      if (terms.length && d.text === null) d.text = d.element.textContent.toLowerCase();
      const fits =
        [...sorts].every(([sort, values]) => tests[sort](d, values)) &&
        terms.every((term) => d.text.includes(term));
      d.element.hidden = !fits;
      shown += fits && (noise || !d.folded);
      most += noise || !d.folded;
    }
    for (const section of sections)
      section.hidden = !section.querySelector("details.d:not([hidden])") && documents.length > 0;
    count.textContent = shown + " of " + most + " documents";
  };

  const open = (value) => {
    for (const d of documents) if (!d.element.hidden) d.element.open = value;
  };

  for (const chip of chips)
    chip.addEventListener("click", () => {
      chip.setAttribute("aria-pressed", chip.getAttribute("aria-pressed") !== "true");
      update();
    });
  let waiting = 0;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(update, 80);
  });
  document.getElementById("open").addEventListener("click", () => open(true));
  document.getElementById("close").addEventListener("click", () => open(false));
  const all = document.getElementById("all");
  all.addEventListener("click", () => {
    const on = document.body.classList.toggle("all");
    all.setAttribute("aria-pressed", on);
    update();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== search) {
      event.preventDefault();
      search.focus();
    }
  });
  document.querySelector("nav").hidden = false;
  update();
})();
