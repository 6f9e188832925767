// Drives a report as a reader would, then leaves what happened in the body's `data-` attributes.
addEventListener("load", async () => {
  const say = (k, v) => document.body.setAttribute("data-" + k, v);
  const byId = (id) => document.getElementById(id), all = (what) => [...document.querySelectorAll(what)];
  const svg = byId("map"), panel = byId("panel");
  const letters = () => all("#map .c").map((c) => c.getAttribute("class").slice(-1)).join("");
  const change = (el, value) => { el.value = value; el.dispatchEvent(new Event("change", { bubbles: true })); };
  const tick = (el) => { el.checked = true; el.dispatchEvent(new Event("change", { bubbles: true })); };
  const key = (k) => svg.dispatchEvent(new KeyboardEvent("keydown", { key: k, bubbles: true }));

  // As it opens: the same classes as the drawing without a script.
  say("first", letters());
  // What takes long on large territories waits until it is asked for.
  say("waits", `${all(".long tr").length} ${all("#names option").length}`);
  say("cards", all(".card .value").map((c) => c.textContent).join("|"));

  // Every measure, state and year.
  const whens = all("[name=when]"), years = byId("year") ? [...byId("year").options].map((o) => o.value) : [""];
  const seen = new Set(), legends = new Set();
  for (const option of byId("measure").options) {
    change(byId("measure"), option.value);
    for (const when of whens.length ? whens : [null]) {
      if (when) tick(when);
      for (const year of years) {
        if (year) change(byId("year"), year);
        seen.add(letters());
        legends.add(byId("legend").querySelector("h3").textContent);
        if (byId("legend").querySelectorAll("li").length < 6) say("short-legend", option.value);
      }
    }
  }
  say("colourings", seen.size);
  say("legends", legends.size);
  change(byId("measure"), byId("measure").options[0].value);
  if (whens.length) tick(whens[1]);
  if (byId("year")) change(byId("year"), years[years.length - 1]);
  say("again", letters() === document.body.dataset.first);

  // Zoom, pan, keys.
  const view = () => svg.getAttribute("viewBox").split(" ").map(Number);
  const [left, , wide] = view();
  document.querySelector("[data-z=in]").click();
  say("zoomed", view()[2] < wide);
  document.querySelector("[data-z=home]").click();
  say("home", view()[2] === wide);
  svg.focus();
  key("ArrowRight");
  say("panned", view()[0] > left);
  say("aimed", panel.querySelector("h3") !== null);
  key("0");
  const drag = (type, x) => svg.dispatchEvent(new PointerEvent(type, { pointerId: 1, clientX: x, clientY: 300, bubbles: true }));
  drag("pointerdown", 300);
  drag("pointermove", 200);
  drag("pointerup", 200);
  say("dragged", view()[0] > left);
  await new Promise((done) => setTimeout(done, 50)); // the click that ends a drag is none
  key("0");

  // Search without accents or hyphens; a name that is not there.
  byId("find").value = "ROANNE";
  byId("find").dispatchEvent(new Event("input", { bubbles: true }));
  say("offered", byId("names").options[0].value);
  change(byId("find"), "saint germain laval");
  say("found", panel.querySelector("h3").textContent);
  change(byId("find"), "zzz");
  say("missing", panel.textContent);
  change(byId("find"), "<script>");
  say("hostile", panel.querySelector("h3")?.textContent ?? "");
  say("ran", String(window.ran ?? "no"));

  // A site: its catchment, from its mark and from the list.
  const pins = all("#map .m[data-s]"), pin = pins[0], most = { flows: 0, inside: 0 };
  if (pin) {
    for (const el of pins.toReversed()) {
      el.dispatchEvent(new MouseEvent("click", { bubbles: true }));
      most.flows = Math.max(most.flows, all("#map .flow").length);
      most.inside = Math.max(most.inside, all("#map .c.in").length);
    }
    say("catchment", panel.textContent);
    say("flows", most.flows);
    say("inside", most.inside);
    change(byId("site"), "");
    say("cleared", all("#map .flow").length);
    pin.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
    say("pressed", byId("site").value === pin.dataset.s);
  }
  svg.dispatchEvent(new PointerEvent("pointermove", { bubbles: true }));
  all("#map .c")[5].dispatchEvent(new PointerEvent("pointermove", { pointerId: 7, clientX: 200, clientY: 300, bubbles: true }));
  say("tip", byId("tip").textContent);

  // Tables: unfold, sort by the first figure, both ways; filter.
  await new Promise((done) => {
    const list = byId("h-communes").parentElement.querySelector("details");
    list.addEventListener("toggle", () => setTimeout(done));
    list.open = true;
  });
  const table = byId("h-communes").parentElement.querySelector("table"), body = table.tBodies[0];
  const digits = (r) => Number(r.cells[1].textContent.replace(/\D/g, ""));
  table.tHead.rows[0].cells[1].querySelector("button").click();
  const down = [...body.rows].map(digits);
  say("sorted", down.every((n, i) => !i || down[i - 1] >= n));
  table.tHead.rows[0].cells[1].querySelector("button").click();
  say("aria", table.tHead.rows[0].cells[1].getAttribute("aria-sort"));
  const box = table.closest("details").querySelector("input[type=search]");
  box.value = "roanne";
  box.dispatchEvent(new Event("input", { bubbles: true }));
  say("filtered", [...body.rows].filter((r) => !r.hidden).map((r) => r.cells[0].textContent).join("|"));
  box.value = "";
  box.dispatchEvent(new Event("input", { bubbles: true }));

  dispatchEvent(new Event("beforeprint"));
  say("unfolded", all("details:not(.long):not([open])").length === 0);
  say("wide", document.documentElement.scrollWidth > innerWidth);
});
