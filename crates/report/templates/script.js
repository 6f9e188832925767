"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const all = (what) => [...document.querySelectorAll(what)];
  const svg = byId("map"), panel = byId("panel"), scale = byId("scale"), find = byId("find"), shade = byId("shade");
  const data = JSON.parse(byId("map-data").textContent);
  const places = all("#map .c");
  const base = places.map((p) => p.getAttribute("class").replace(/ k.$/, ""));
  document.documentElement.classList.add("scripted");
  svg.setAttribute("role", "application");

  // What is told of a place or mark: its title, shown in the panel instead of a tooltip.
  const tips = new Map();
  for (const el of all("#map .c, #map .m")) {
    const title = el.querySelector("title");
    tips.set(el, title.textContent.split("\n"));
    title.remove();
  }
  let held = null, drag = false;
  const tell = (el) => {
    if (!tips.has(el)) return;
    if (held) held.classList.remove("on");
    held = el;
    held.classList.add("on");
    if (el.matches(".c:not(:last-child)")) el.parentNode.append(el); // its outline above its neighbours'
    panel.replaceChildren(...tips.get(el).map((line, i) =>
      Object.assign(document.createElement(i ? "p" : "h3"), { textContent: line })));
  };
  const pointed = (e) => e.target.closest(".c, .m");
  svg.addEventListener("pointerover", (e) => drag || tell(pointed(e)));

  // Colours.
  const paint = () => {
    const classes = data.classes[shade.value];
    places.forEach((p, i) => p.setAttribute("class", `${base[i]} k${classes[i]}`));
    if (held) held.classList.add("on");
    svg.classList.remove("share", "change", "time");
    svg.classList.add(shade.selectedOptions[0].dataset.palette);
    for (const l of all("[data-for]")) l.hidden = l.dataset.for !== shade.value;
  };
  shade.addEventListener("change", paint);

  // The view: left, top, width, height, of constant shape, kept within what is drawn.
  const shape = data.home[3] / data.home[2], least = data.home[2] / 16;
  const most = Math.max(data.all[2], data.all[3] / shape, data.home[2]);
  let view = data.home;
  const hold = (v, size, low, room) => size >= room ? low + (room - size) / 2 : Math.min(low + room - size, Math.max(low, v));
  const fit = (x, y, width) => {
    const w = Math.min(most, Math.max(least, width)), h = w * shape, [left, top, right, bottom] = data.all;
    view = [hold(x, w, left, right), hold(y, h, top, bottom), w, h];
    svg.setAttribute("viewBox", view.map((v) => v.toFixed(1)).join(" "));
    const unit = w / (svg.clientWidth || 800); // of the drawing in a pixel: marks keep their size on the screen
    svg.style.setProperty("--k", (unit * Math.min(1, data.home[2] / w) ** 0.6).toFixed(4));
    svg.classList.toggle("near", w < data.home[2] / 2);
    svg.style.touchAction = w < data.home[2] * 0.99 ? "none" : "pan-y";
    const km = w / 4 / data.km, power = 10 ** Math.floor(Math.log10(km)); // about a quarter of the width
    const round = power * [5, 2, 1].find((m) => m * power <= km * 1.0001);
    scale.style.width = `${(round * data.km / unit).toFixed(1)}px`;
    scale.firstElementChild.textContent = `${round.toLocaleString(document.documentElement.lang)}\u00a0km`;
  };
  const zoom = (by, cx = 0.5, cy = 0.5) => {
    const w = Math.min(most, Math.max(least, view[2] / by));
    fit(view[0] + (view[2] - w) * cx, view[1] + (view[3] - w * shape) * cy, w);
  };
  const go = {
    in: () => zoom(1.5), out: () => zoom(1 / 1.5),
    home: () => fit(...data.home), all: () => fit(data.all[0], data.all[1], most),
  };
  for (const b of all("[data-z]")) b.addEventListener("click", go[b.dataset.z]);
  const part = (e, r = svg.getBoundingClientRect()) => [(e.clientX - r.left) / r.width, (e.clientY - r.top) / r.height];
  svg.addEventListener("wheel", (e) => { // the page scrolls, unless the map was clicked or Ctrl is held
    if (!e.ctrlKey && !e.metaKey && document.activeElement !== svg) return;
    e.preventDefault();
    zoom(Math.exp(-e.deltaY / 400), ...part(e));
  }, { passive: false });
  svg.addEventListener("keydown", (e) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key];
    const act = { "+": go.in, "=": go.in, "-": go.out, 0: go.home }[e.key];
    if (e.ctrlKey || e.metaKey || e.altKey || (!step && !act)) return;
    e.preventDefault();
    if (act) act(); else fit(view[0] + step[0] * view[2] / 8, view[1] + step[1] * view[3] / 8, view[2]);
  });

  // One finger or the mouse moves the map; two fingers zoom it.
  const fingers = new Map();
  svg.addEventListener("pointerdown", (e) => { fingers.set(e.pointerId, e); drag = false; tell(pointed(e)); });
  svg.addEventListener("pointermove", (e) => {
    const last = fingers.get(e.pointerId);
    if (!last) return;
    const dx = e.clientX - last.clientX, dy = e.clientY - last.clientY;
    const other = [...fingers.values()].find((f) => f.pointerId !== e.pointerId);
    if (!other && !drag && Math.hypot(dx, dy) < 4) return;
    drag = true;
    svg.setPointerCapture(e.pointerId);
    const gap = (f) => Math.hypot(f.clientX - other.clientX, f.clientY - other.clientY) || 1;
    const unit = view[2] / svg.clientWidth;
    if (other) zoom(gap(e) / gap(last), ...part(other)); else fit(view[0] - dx * unit, view[1] - dy * unit, view[2]);
    fingers.set(e.pointerId, e);
  });
  const lift = (e) => { fingers.delete(e.pointerId); drag = drag && fingers.size > 0; };
  for (const end of ["pointerup", "pointercancel", "pointerleave"]) svg.addEventListener(end, lift);

  // Find a commune by its name, whatever its accents; those of the territory itself stand last and go first.
  const bare = (s) => s.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().trim();
  byId("names").replaceChildren(...data.names.map((value) => Object.assign(document.createElement("option"), { value })));
  find.addEventListener("change", () => {
    const i = bare(find.value) ? data.names.findLastIndex((n) => bare(n).startsWith(bare(find.value))) : -1;
    if (i < 0) return;
    const b = places[i].getBBox(), w = data.home[2] / 3;
    fit(b.x + b.width / 2 - w / 2, b.y + b.height / 2 - w * shape / 2, w);
    tell(places[i]);
  });

  addEventListener("resize", () => fit(...view));
  addEventListener("beforeprint", () => all("details:not(.long)").forEach((d) => { d.open = true; }));
  paint();
  fit(...view);
})();
