// Drives the page of a frontier as a reader would, then leaves what happened in the body's `data-` attributes.
addEventListener("load", () => {
  const say = (k, v) => document.body.setAttribute("data-" + k, v);
  const all = (what, root = document) => [...root.querySelectorAll(what)];
  const table = (id) => document.querySelector(`[aria-labelledby=h-${id}] table`);
  const first = (id) => all("tbody tr", table(id)).map((r) => r.cells[0].textContent);

  say("claim", document.querySelector(".verdict .claim").textContent);
  say("points", all("tbody tr", table("curve")).length);
  say("plans", all("tbody tr", table("curve")).map((r) => r.cells[2].textContent.replace(/\D/g, "")).join("|"));
  say("dots", all(".chart circle").length);
  const box = document.querySelector(".chart").getBBox();
  const [, , wide, high] = document.querySelector(".chart").getAttribute("viewBox").split(" ").map(Number);
  say("inside", box.x >= 0 && box.y >= 0 && box.x + box.width <= wide && box.y + box.height <= high);
  say("enter", all("tbody tr", table("steps")).map((r) => r.cells[4].textContent).join("|"));
  say("sites", first("sites").length);
  // Largest value first, then smallest.
  const button = table("curve").querySelector("button.sort"), before = first("curve").join("|");
  button.click();
  say("turned", first("curve").join("|") !== before);
  button.click();
  say("again", first("curve").join("|") === before);
  say("wide", document.documentElement.scrollWidth > innerWidth);
  say("ran", window.ran ?? "no");
});
