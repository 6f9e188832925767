// What plans say of places: the classes are those of the page's own first drawing.

// Lists that stand for the year before are written once.
const unpacked = (plan) => {
  for (const name of ["people", "minutes", "attached", "apl"]) {
    for (const side of plan[name] ?? []) side.forEach((list, i) => { side[i] ??= side[i - 1]; });
  }
  return plan;
};
const at = (plan, name, side, year, place) => {
  const v = plan[name]?.[side]?.[year]?.[place];
  return v === undefined || v < 0 ? null : v;
};
const peopleOf = (plan, year, place) => plan.people[0][year][place];
const thousandths = (n, of) => (n <= 0 ? 0 : n >= of ? 1000 : Math.max(1, Math.floor(n * 1000 / of)));
const valueOf = (plan, measure, side, year, place) => {
  if (measure.id === "people") return peopleOf(plan, year, place);
  const v = at(plan, measure.id, side, year, place);
  return measure.id === "attached" && v !== null ? thousandths(v, peopleOf(plan, year, place)) : v;
};
// A gain is positive: more people, more care, less time.
const gainOf = (measure, from, to) => {
  if (measure.id !== "minutes") return from === null || to === null ? null : to - from;
  if (from === null && to === null) return null;
  return from === null ? 9999 : to === null ? -9999 : from - to;
};
const grade = (scale, value) => (value === null ? "u" : String(scale.limits.filter((l) => value >= l).length));

// A legend with the people of the territory in each class.
const legendOf = (box, title, scale, absent, nobody, letters, plan, year, places) => {
  const people = new Map(), seen = new Set(letters);
  letters.forEach((k, p) => { if (places[p][3]) people.set(k, (people.get(k) ?? 0) + peopleOf(plan, year, p)); });
  const rows = [...scale.names.map((name, i) => [String(i), name])];
  if (seen.has("u")) rows.push(["u", absent]);
  if (seen.has("n")) rows.push(["n", nobody]);
  box.className = `legend ${scale.palette}`;
  const list = make("ul");
  for (const [k, name] of rows) {
    const row = make("li"), svg = draw("svg", { width: 26, height: 17, "aria-hidden": "true" });
    svg.append(draw("rect", { width: 26, height: 17, class: `k${k}` }));
    row.append(svg, make("span", name), make("small", k === "n" ? "" : say(people.get(k) ?? 0)));
    list.append(row);
  }
  box.replaceChildren(make("h3", title), list);
};

// Gives shapes their classes; only what changes is written, for thousands of them take a while.
const painter = (shapes, drawn) => {
  const classes = shapes.map((s) => s.getAttribute("class")), base = classes.map((c) => c.replace(/ k.$/, ""));
  const letters = classes.map((c) => c.slice(-1));
  return (wanted) => drawn.forEach((p, i) => {
    if (letters[i] === wanted[p]) return;
    letters[i] = wanted[p];
    shapes[i].setAttribute("class", `${base[i]} k${letters[i]}`);
  });
};

// The words of one figure of a place in one state.
const shown = {
  attached: (plan, side, year, p) => {
    const n = at(plan, "attached", side, year, p), of = peopleOf(plan, year, p);
    const percent = Math.min(100, n === 0 ? 0 : n >= of ? 100 : Math.min(99, Math.max(1, Math.round(n * 100 / of))));
    return n === null ? "–" : `${say(n)} (${say(percent)}${lang === "fr" ? "\u202f" : ""}%)`;
  },
  minutes: (plan, side, year, p, words) => {
    const t = at(plan, "minutes", side, year, p);
    return t === null ? words.far : `${say(Math.floor((t + 5) / 10) / 10, 1)}\u00a0min`;
  },
  apl: (plan, side, year, p) => {
    const v = at(plan, "apl", side, year, p);
    return v === null ? "–" : say(v / 100, 2);
  },
};

// Who goes to a site, or where the people of a place go: [place, site, people, tenths of a minute].
const flowsOf = (plan, side, year, wanted) => {
  const out = [];
  for (const [site, list] of plan.flows[side]?.[year] ?? []) {
    for (let i = 0; i < list.length; i += 3) {
      if (wanted(list[i], site)) out.push([list[i], site, list[i + 1], list[i + 2]]);
    }
  }
  return out.sort((a, b) => b[2] - a[2]);
};
// An outline above all neighbours, seen on any colour.
const ring = (group, shape) => {
  if (shape) group.prepend(draw("path", { class: "ring", d: shape.getAttribute("d") }));
};
const drawFlows = (group, flows, plan, places) => {
  group.replaceChildren();
  const most = Math.max(1, ...flows.map((f) => f[2]));
  for (const [p, s, n] of flows) {
    const from = places[p], to = places[plan.sites[s].place];
    if (!to || from[4] === null || to[4] === null || p === plan.sites[s].place) continue;
    group.append(draw("path", { class: "flow", d: `M${from[4]} ${from[5]}L${to[4]} ${to[5]}`,
      "stroke-width": (0.8 + 3.2 * Math.sqrt(n / most)).toFixed(1) }));
  }
};

// A box to find a commune in, whatever its accents; names of the territory itself go first.
const finder = (input, list, places, found, missing) => {
  const label = (p) => `${p[0]} (${p[1]})`;
  let keys = null; // read when something is typed
  const look = (strict) => {
    const key = bare(input.value);
    if (!key) return;
    keys ??= places.map((p) => bare(label(p)));
    if (strict) offer(key);
    const best = (test) => {
      const core = keys.findIndex((k, i) => places[i][3] && test(k));
      return core >= 0 ? core : keys.findIndex(test);
    };
    let p = best((k) => k === key);
    if (p < 0 && !strict) p = best((k) => k.startsWith(`${key} (`));
    if (p < 0 && !strict) p = best((k) => k.startsWith(key));
    if (p < 0 && !strict) p = best((k) => k.includes(key));
    if (p >= 0) found(p); else if (!strict) missing();
  };
  // The first names that fit, those that begin so before the others.
  const offer = (key) => {
    const fit = [(k) => k.startsWith(key), (k) => k.includes(` ${key}`)].flatMap((test) => places.filter((_, i) => test(keys[i])));
    list.replaceChildren(...[...new Set(fit)].slice(0, 20).map((p) => make("option", "", { value: label(p) })));
  };
  input.addEventListener("change", () => look(false));
  input.addEventListener("input", () => look(true));
};
