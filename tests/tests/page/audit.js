// Leaves what axe finds serious or critical in the body's `data-axe`.
addEventListener("load", () => dispatchEvent(new Event("beforeprint"))); // draws what waits to be near
addEventListener("load", () => setTimeout(() => axe.run(document, { resultTypes: ["violations"] }).then(
  (found) => document.body.setAttribute("data-axe", JSON.stringify(found.violations
    .filter((v) => ["serious", "critical"].includes(v.impact))
    .map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(" … ")}`)))
  , (why) => document.body.setAttribute("data-axe", String(why)))));
