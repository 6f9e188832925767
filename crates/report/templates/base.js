// Small things that every part of the page uses.
const byId = (id) => document.getElementById(id);
const all = (what, root = document) => [...root.querySelectorAll(what)];
const lang = document.documentElement.lang;
const make = (name, text = "", attributes = {}) => {
  const el = Object.assign(document.createElement(name), { textContent: text });
  for (const [key, value] of Object.entries(attributes)) el.setAttribute(key, value);
  return el;
};
const draw = (name, attributes) => {
  const el = document.createElementNS(byId("map").namespaceURI, name);
  for (const [key, value] of Object.entries(attributes)) el.setAttribute(key, value);
  return el;
};
// Numbers as the reader's language writes them, with a real minus sign.
const say = (n, digits = 0) =>
  n.toLocaleString(lang, { minimumFractionDigits: digits, maximumFractionDigits: digits }).replace("-", "\u2212");
const signed = (n, digits = 0) => (n > 0 ? "+" : "") + say(n, digits);
// What names and cells are searched by: without accents, case or punctuation.
const bare = (s) => s.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase()
  .replaceAll("œ", "oe").replaceAll("æ", "ae").replace(/['’\-\s\u202f]+/g, " ").trim();
// Unfolded on paper, but for what is too long.
addEventListener("beforeprint", () => all("details:not(.long)").forEach((d) => { d.open = true; }));
