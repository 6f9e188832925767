// Tables that sort by any column and can be filtered. Totals stay last.
const number = (text) => {
  const plain = lang === "fr" ? text.replace(/[\s\u00a0\u202f]/g, "").replace(",", ".") : text.replaceAll(",", "");
  const found = plain.replace("\u2212", "-").match(/-?\d+(\.\d+)?/);
  return found ? Number(found[0]) : null;
};
const sortable = (table) => {
  const body = table.tBodies[0], rows = [...body.rows].filter((r) => !r.classList.contains("total"));
  const last = [...body.rows].filter((r) => r.classList.contains("total"));
  const heads = [...table.tHead.rows[0].cells];
  const note = make("p", "", { class: "hidden", role: "status" });
  heads.forEach((head, column) => {
    const button = make("button", head.textContent, { type: "button", class: "sort" });
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") ? head.getAttribute("aria-sort") !== "ascending" : !head.classList.contains("num");
      for (const h of heads) h.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const figures = head.classList.contains("num");
      const key = (r) => (figures ? number(r.cells[column].textContent) : bare(r.cells[column].textContent));
      const keyed = rows.map((r) => [key(r), r]);
      keyed.sort(([a], [b]) => { // what is not known comes last, whichever way
        if (a === null || b === null) return (a === null) - (b === null);
        return (figures ? a - b : a.localeCompare(b, lang, { numeric: true })) * (up ? 1 : -1);
      });
      body.append(...keyed.map(([, r]) => r), ...last);
    });
  });
  if (rows.length < 12) return;
  const words = table.dataset, label = make("label", `${words.filter} `, { class: "filter" });
  const box = make("input", "", { type: "search", autocomplete: "off", spellcheck: "false" });
  let texts = null; // read when something is typed
  box.addEventListener("input", () => {
    const key = bare(box.value);
    texts ??= rows.map((r) => bare(r.textContent));
    let n = 0;
    rows.forEach((r, i) => { r.hidden = !texts[i].includes(key); n += !r.hidden; });
    last.forEach((r) => { r.hidden = key !== ""; });
    note.textContent = words.found.replace("#", say(n));
  });
  label.append(box);
  (table.closest(".scroll") ?? table).before(label, note);
};
all("table[data-filter]").forEach(sortable);
// With a script, what stands in `noscript` is text: a long table becomes one when it is unfolded.
for (const folded of all("details:has(> noscript)")) {
  folded.addEventListener("toggle", () => {
    const text = folded.querySelector("noscript");
    text.outerHTML = text.textContent;
    all("table[data-filter]", folded).forEach(sortable);
  }, { once: true });
}
