// Two plans of a suite side by side: one view, one selection, and what changes from one to the other.
const duel = (data) => {
  const { places, measures, words } = data, plans = data.plans.map(unpacked), source = byId("map");
  const [a, b, measure, what] = ["plan-a", "plan-b", "measure", "what"].map(byId), panel = byId("panel"), only = byId("only");
  const copies = ["left", "right"].map((id) => {
    const svg = byId(id);
    svg.append(...all(".places, .borders", source).map((g) => g.cloneNode(true)),
      ...["flows", "pins"].map((name) => draw("g", { class: name })));
    all("title", svg).forEach((t) => t.remove());
    const shapes = all(".places .c", svg);
    return { svg, shapes, paint: painter(shapes, data.drawn), legend: byId(`legend-${id}`), name: byId(`name-${id}`), sheet: new Sheet(svg, data) };
  });
  const [left, right] = copies;
  left.sheet.linked = [right.sheet];
  right.sheet.linked = [left.sheet];
  const shapeOf = new Map(data.drawn.map((p, i) => [p, i]));
  let held = null;
  measure.append(...measures.map((m) => make("option", m.label, { value: m.id })));
  plans.forEach((plan, i) => [a, b].forEach((s) => s.append(make("option", plan.name, { value: i }))));
  b.value = String(plans.length > 1 ? 1 : 0);

  // The year chosen; of a plan that does not reach it, the last.
  const year = byId("year"), years = [...new Set(plans.flatMap((plan) => plan.years))].sort((x, y) => x - y);
  year.append(...years.map((y) => make("option", y, { value: y })));
  year.value = String(years.at(-1) ?? "");
  year.parentElement.hidden = years.length < 2;
  const step = (plan) => {
    const i = plan.years.indexOf(Number(year.value));
    return i < 0 ? plan.people[0].length - 1 : i;
  };
  const titled = (plan) => (years.length > 1 ? `${plan.name} · ${plan.years[step(plan)] ?? "–"}` : plan.name);
  const value = (plan, m, p) => valueOf(plan, m, 1, step(plan), p);
  const letter = (plan, m, p) => (peopleOf(plan, step(plan), p) ? grade(m.value, value(plan, m, p)) : "n");
  const colour = (copy, letters, scale, title, m, plan) => {
    copy.paint(letters);
    for (const name of ["share", "change", "time"]) copy.svg.classList.toggle(name, name === scale.palette);
    copy.svg.setAttribute("aria-label", `${title}. ${words.map}`);
    copy.name.textContent = title;
    legendOf(copy.legend, m.label, scale, m.absent, data.nobody, letters, plan, step(plan), places);
  };
  const pins = (copy, plan) => {
    const group = copy.svg.querySelector(".pins");
    group.replaceChildren();
    const open = (s) => s.number && !(s.opens > plan.years[step(plan)]) && s.place !== null && places[s.place][4] !== null;
    for (const s of plan.sites.filter(open)) {
      const spot = draw("g", { transform: `translate(${places[s.place][4]} ${places[s.place][5]})` });
      const mark = draw("g", { class: `m ${s.class}` });
      mark.append(s.class === "extended" ? draw("rect", { x: -8, y: -8, width: 16, height: 16, rx: 3 }) : draw("circle", { r: 8.5 }));
      mark.append(Object.assign(draw("text", { class: "n", y: 4.2 }), { textContent: s.number }));
      spot.append(mark);
      group.append(spot);
    }
  };
  const names = (plan) => new Set(plan.sites.filter((s) => s.number).map((s) => s.name));
  const listed = (head, set) => (set.length ? `${head} ${set.join(", ")}.` : "");

  const paint = () => {
    const m = measures.find((x) => x.id === measure.value) ?? measures[0], [A, B] = [plans[a.value], plans[b.value]];
    colour(left, places.map((_, p) => letter(A, m, p)), m.value, titled(A), m, A);
    pins(left, A);
    pins(right, B);
    if (what.value === "plan") {
      colour(right, places.map((_, p) => letter(B, m, p)), m.value, titled(B), m, B);
    } else {
      const gain = (p) => (peopleOf(A, step(A), p) ? grade(m.change, gainOf(m, value(A, m, p), value(B, m, p))) : "n");
      colour(right, places.map((_, p) => gain(p)), m.change, words.less.replace("#", titled(B)).replace("#", titled(A)), m, B);
    }
    const [inA, inB] = [names(A), names(B)];
    const parts = [listed(words.both, [...inA].filter((n) => inB.has(n))),
      listed(words.only.replace("#", A.name), [...inA].filter((n) => !inB.has(n))),
      listed(words.only.replace("#", B.name), [...inB].filter((n) => !inA.has(n)))].filter(Boolean);
    only.replaceChildren(...parts.map((text) => make("p", text)));
    show();
  };
  const show = () => {
    for (const copy of copies) for (const el of all(".on", copy.svg)) el.classList.remove("on");
    for (const copy of copies) copy.svg.querySelector(".flows").replaceChildren();
    if (held === null) return;
    for (const copy of copies) {
      const shape = copy.shapes[shapeOf.get(held)];
      shape?.classList.add("on");
      ring(copy.svg.querySelector(".flows"), shape);
    }
    const [A, B] = [plans[a.value], plans[b.value]], table = make("table"), head = make("thead"), body = make("tbody");
    const row = (cells, name) => {
      const r = make("tr");
      r.append(...cells.map((text, i) => make(name === "th" || !i ? "th" : "td", text, name === "th" ? { scope: "col" } : i ? { class: "num" } : { scope: "row" })));
      return r;
    };
    head.append(row([words.figure, titled(A), titled(B)], "th"));
    body.append(row([words.people, say(peopleOf(A, step(A), held)), say(peopleOf(B, step(B), held))], "td"));
    for (const id of ["attached", "minutes", "apl"]) {
      if (A[id] && B[id]) body.append(row([words[id], ...[A, B].map((x) => shown[id](x, 1, step(x), held, words))], "td"));
    }
    table.append(make("caption", `${places[held][0]} (${places[held][1]})`), head, body);
    panel.replaceChildren(table);
  };
  const hold = (p) => { held = p; show(); };
  const centre = (p) => {
    const [, , , , x, y] = places[p], w = data.home[2] / 3;
    if (x !== null) left.sheet.fit(x - w / 2, y - w * left.sheet.shape / 2, w);
  };
  for (const copy of copies) {
    copy.svg.addEventListener("click", (e) => {
      const i = copy.shapes.indexOf(e.target.closest(".c"));
      if (i < 0 || copy.sheet.drag) return;
      copy.svg.focus({ preventScroll: true });
      hold(data.drawn[i]);
    });
  }
  finder(byId("find"), byId("names"), places, (p) => { hold(p); centre(p); }, () => panel.replaceChildren(make("p", words.unknown)));
  for (const el of [a, b, measure, what, year]) el.addEventListener("change", paint);
  paint();
};
// Two more copies of the map are drawn when the reader comes near them, or prints.
if (byId("left")) {
  const near = new IntersectionObserver(([seen]) => { if (seen.isIntersecting) start(); }, { rootMargin: "600px" });
  const start = () => {
    near.disconnect();
    removeEventListener("beforeprint", start);
    duel(JSON.parse(byId("map-data").textContent));
  };
  addEventListener("beforeprint", start);
  near.observe(byId("left"));
}
