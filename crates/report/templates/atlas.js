// The map of one plan.
const atlas = (svg, data) => {
  const { places, measures, words } = data, plan = unpacked(data.plans[0]);
  const shapes = all(".places .c", svg), colour = painter(shapes, data.drawn);
  const shapeOf = new Map(data.drawn.map((p, i) => [p, shapes[i]])), placeOf = new Map(data.drawn.map((p, i) => [shapes[i], p]));
  const frame = svg.closest(".frame"), panel = byId("panel"), tip = byId("tip"), cross = frame.querySelector(".cross");
  const measure = byId("measure"), year = byId("year"), site = byId("site"), legend = byId("legend");
  const group = svg.querySelector(".flows"), marks = all(".m", svg), named = new Map();
  for (const title of all("title", svg)) { // told in our own way, not by the browser's
    named.set(title.parentElement, title.textContent.split("\n"));
    title.remove();
  }
  measure.append(...measures.map((m) => make("option", m.label, { value: m.id })));
  const sheet = new Sheet(svg, data);
  let held = null; // what is shown: {place} or {site}
  const side = () => document.querySelector("[name=when]:checked")?.value ?? (plan.after ? "1" : "0");
  const step = () => Number(year?.value ?? 0);
  const sides = () => (plan.before && plan.after ? [0, 1] : plan.after ? [1] : [0]);
  const now = () => measures.find((m) => m.id === measure.value) ?? measures[0];

  const paint = () => {
    const m = now(), s = side(), y = step(), scale = s === "change" ? m.change : m.value;
    const letters = places.map((_, p) => {
      if (!peopleOf(plan, y, p)) return "n";
      if (s !== "change") return grade(scale, valueOf(plan, m, Number(s), y, p));
      return grade(scale, gainOf(m, valueOf(plan, m, 0, y, p), valueOf(plan, m, 1, y, p)));
    });
    colour(letters);
    for (const name of ["share", "change", "time"]) svg.classList.toggle(name, name === scale.palette);
    const when = document.querySelector("[name=when]:checked")?.parentElement.textContent.trim();
    const title = [m.label, when, plan.years[y]].filter(Boolean).join(" · ");
    legendOf(legend, title, scale, m.absent, data.nobody, letters, plan, y, places);
    for (const el of marks.filter((el) => el.dataset.s)) { // what is not open yet
      const of = plan.sites[el.dataset.s], early = of.opens > plan.years[y] || (s === "0" && of.class === "opened");
      el.parentElement.style.display = early ? "none" : "";
    }
    show();
  };

  // One line a figure, before and after.
  const lines = (p) => {
    const y = step(), [name, code, epci] = places[p], out = [`${name} (${code})`];
    if (epci !== null) out.push(data.epcis[epci]);
    const n = peopleOf(plan, y, p);
    if (!n) return [...out, data.nobody];
    out.push(`${words.people} ${say(n)}${plan.years.length ? ` (${plan.years[y]})` : ""}`);
    for (const id of ["attached", "minutes", "apl"]) {
      if (!plan[id]) continue;
      out.push(`${words[id]} ${sides().map((s) => shown[id](plan, s, y, p, words)).join(" → ")}`);
    }
    return out;
  };
  const written = (list) => list.map((line, i) => make(i ? "p" : "h3", line));
  const flowing = () => (side() === "0" || !plan.after ? 0 : 1);

  const show = () => {
    for (const el of all(".on, .in", svg)) el.classList.remove("on", "in");
    group.replaceChildren();
    if (!held) return;
    const y = step();
    if (held.place !== undefined) {
      const p = held.place, flows = flowsOf(plan, flowing(), y, (from) => from === p);
      shapeOf.get(p)?.classList.add("on");
      drawFlows(group, flows, plan, places);
      ring(group, shapeOf.get(p));
      const list = make("ul");
      list.append(...flows.map(([, s, n, t]) => make("li", `${plan.sites[s].name} : ${say(n)} (${say(t / 10, 1)}\u00a0min)`)));
      panel.replaceChildren(...written(lines(p)), ...(flows.length ? [make("h4", words.to), list] : []));
      site.value = "";
      return;
    }
    const of = plan.sites[held.site], flows = flowsOf(plan, flowing(), y, (_, s) => s === held.site);
    for (const [p] of flows) shapeOf.get(p)?.classList.add("in");
    marks.find((el) => el.dataset.s === String(held.site))?.classList.add("on");
    drawFlows(group, flows, plan, places);
    for (const [p] of flows) ring(group, shapeOf.get(p));
    const people = flows.reduce((sum, f) => sum + f[2], 0), time = flows.reduce((sum, f) => sum + f[2] * f[3], 0);
    const list = make("ul");
    list.append(...flows.slice(0, 12).map(([p, , n, t]) => make("li", `${places[p][0]} : ${say(n)} (${say(t / 10, 1)}\u00a0min)`)));
    const more = flows.length > 12 ? [make("p", words.more.replace("#", say(flows.length - 12)))] : [];
    const sum = people
      ? words.catchment.replace("#", say(people)).replace("#", say(flows.length)).replace("#", say(time / people / 10, 1))
      : words.empty;
    panel.replaceChildren(make("h3", `${of.number ? `${of.number}. ` : ""}${of.name}`),
      ...(of.lines ?? []).map((line) => make("p", line)), make("p", sum), list, ...more);
    site.value = String(held.site);
  };
  const hold = (what) => { held = what; show(); };
  const sitesAt = (p) => plan.sites.findIndex((s) => s.place === p && !s.number);

  // What is under the pointer.
  let told = null;
  const hovered = (e) => {
    const el = e.target.closest?.(".c, .m");
    if (!el || sheet.drag) { tip.hidden = true; return; }
    if (tip.hidden || told !== el) tip.replaceChildren(...written(placeOf.has(el) ? lines(placeOf.get(el)) : named.get(el)));
    told = el;
    tip.hidden = false;
    const r = frame.getBoundingClientRect(), x = e.clientX - r.left, y = e.clientY - r.top;
    tip.style.left = `${Math.max(4, Math.min(r.width - tip.offsetWidth - 4, x + 16))}px`;
    tip.style.top = `${y + 20 + tip.offsetHeight > r.height ? Math.max(4, y - tip.offsetHeight - 14) : y + 20}px`;
  };
  const picked = (el) => {
    if (el.dataset.s) hold({ site: Number(el.dataset.s) });
    else if (el.dataset.p && sitesAt(Number(el.dataset.p)) >= 0) hold({ site: sitesAt(Number(el.dataset.p)) });
    else if (placeOf.has(el)) hold({ place: placeOf.get(el) });
    else panel.replaceChildren(...written(named.get(el)));
  };
  svg.addEventListener("pointermove", hovered);
  svg.addEventListener("pointerleave", () => { tip.hidden = true; });
  svg.addEventListener("click", (e) => {
    const el = e.target.closest(".c, .m");
    if (!el || sheet.drag) return;
    svg.focus({ preventScroll: true });
    cross.hidden = true;
    picked(el);
  });
  // With keys: the commune nearest to the middle of the map is told, and pins can be pressed.
  sheet.aimed = () => {
    const [x, y, w, h] = sheet.view;
    let best = null, least = Infinity;
    data.drawn.forEach((p) => {
      const d = (places[p][4] - x - w / 2) ** 2 + (places[p][5] - y - h / 2) ** 2;
      if (places[p][4] !== null && d < least) [best, least] = [p, d];
    });
    cross.hidden = false;
    if (best !== null) hold({ place: best });
  };
  svg.addEventListener("keydown", (e) => {
    if (e.key === "Escape") { cross.hidden = tip.hidden = true; hold(null); }
    if (e.key !== "Enter" && e.key !== " ") return;
    e.preventDefault();
    if (e.target.closest(".m")) picked(e.target.closest(".m")); else sheet.aimed();
  });
  for (const el of marks.filter((m) => m.dataset.s)) {
    for (const [key, value] of [["tabindex", "0"], ["role", "button"], ["aria-label", named.get(el).join(", ")]]) el.setAttribute(key, value);
  }

  const centre = (p) => {
    const b = shapeOf.get(p)?.getBBox(), w = data.home[2] / 3;
    if (b) sheet.fit(b.x + b.width / 2 - w / 2, b.y + b.height / 2 - w * sheet.shape / 2, w);
  };
  finder(byId("find"), byId("names"), places, (p) => { centre(p); hold({ place: p }); },
    () => panel.replaceChildren(make("p", words.unknown)));
  const numbered = plan.sites.map((s, i) => [s, i]).sort(([a], [b]) => (a.number ?? 1e6) - (b.number ?? 1e6) || a.name.localeCompare(b.name, lang));
  for (const [s, i] of numbered) site.append(make("option", `${s.number ? `${s.number}. ` : ""}${s.name}`, { value: i }));
  site.addEventListener("change", () => {
    hold(site.value === "" ? null : { site: Number(site.value) });
    const of = plan.sites[site.value];
    if (of && of.place !== null) centre(of.place);
  });
  for (const el of [measure, year, ...all("[name=when]")]) el?.addEventListener("change", paint);
  if (year) year.value = String(plan.years.length - 1);
  paint();
};
if (byId("map-data")) {
  const data = JSON.parse(byId("map-data").textContent);
  if (byId("measure") && byId("panel")) atlas(byId("map"), data);
}
