// A drawing that is moved and zoomed: with fingers, mouse, wheel, keys or buttons. While it moves it is only shifted as
// a picture; it is drawn anew once it rests.
class Sheet {
  constructor(svg, data, names) {
    Object.assign(this, { svg, data, names, linked: [], drag: false, view: [...data.home], goal: [...data.home] });
    this.pane = svg.parentElement; // moved in its place: moving the drawing itself draws it anew
    this.frame = this.pane.parentElement;
    this.scale = this.frame.querySelector(".scale");
    this.shape = data.home[3] / data.home[2];
    this.least = Math.max(data.home[2] / 30, 50);
    this.most = Math.max(data.all[2], data.all[3] / this.shape, data.home[2]);
    svg.setAttribute("role", "application");
    for (const b of all("[data-z]", this.frame)) b.addEventListener("click", () => this.go(b.dataset.z));
    svg.addEventListener("wheel", (e) => this.wheel(e), { passive: false });
    svg.addEventListener("keydown", (e) => this.key(e));
    this.fingers = new Map();
    svg.addEventListener("pointerdown", (e) => {
      this.fingers.set(e.pointerId, e);
      this.drag = false;
    });
    svg.addEventListener("pointermove", (e) => this.move(e));
    for (const end of ["pointerup", "pointercancel", "pointerleave"]) svg.addEventListener(end, (e) => this.lift(e));
    addEventListener("resize", () => this.rest());
    addEventListener("beforeprint", () => this.rest());
    this.rest();
  }
  // Where the view may be.
  held(x, y, wide) {
    const w = Math.min(this.most, Math.max(this.least, wide)), h = w * this.shape, [left, top, across, down] = this.data.all;
    const hold = (v, size, from, length) => Math.max(from - size / 2, Math.min(from + length - size / 2, v));
    return [hold(x, w, left, across), hold(y, h, top, down), w, h];
  }
  // Shifts the picture; it is drawn anew a moment later.
  glide(x, y, w, alone) {
    this.goal = this.held(x, y, w);
    const [vx, vy, vw] = this.view, by = vw / this.goal[2], unit = this.width / vw;
    this.pane.classList.add("gliding");
    this.pane.style.transform =
      `translate(${(vx - this.goal[0]) * unit * by}px,${(vy - this.goal[1]) * unit * by}px) scale(${by})`;
    clearTimeout(this.timer);
    if (!this.fingers.size) this.timer = setTimeout(() => this.rest(), 250);
    // Far enough that what was never drawn shows: draw it.
    if (Math.abs(vx - this.goal[0]) > 0.6 * vw || Math.abs(vy - this.goal[1]) > 0.6 * vw * this.shape) this.rest();
    if (!alone) for (const other of this.linked) other.glide(x, y, w, true);
  }
  fit(x, y, w, alone) {
    this.goal = this.held(x, y, w);
    this.rest();
    if (!alone) for (const other of this.linked) other.fit(x, y, w, true);
  }
  rest() {
    clearTimeout(this.timer);
    const { svg, pane, data } = this, w = this.goal[2];
    this.view = [...this.goal];
    svg.setAttribute("viewBox", this.view.map((v) => v.toFixed(1)).join(" "));
    pane.style.transform = "";
    pane.classList.remove("gliding");
    this.width = svg.clientWidth || 800; // asked here alone: asking while it moves would lay the page out each time
    const unit = w / this.width; // of the drawing in a pixel: marks keep their size on the screen
    svg.style.setProperty("--k", (unit * Math.min(1, data.home[2] / w) ** 0.6).toFixed(4));
    svg.classList.toggle("near", w < data.home[2] / 2);
    svg.style.touchAction = w < data.home[2] * 0.99 ? "none" : "pan-y";
    if (!this.scale) return;
    const km = w / 4 / data.km, power = 10 ** Math.floor(Math.log10(km)); // about a quarter of the width
    const round = power * [5, 2, 1].find((m) => m * power <= km * 1.0001);
    this.scale.style.width = `${(round * data.km / w * 100).toFixed(2)}%`; // true on paper too
    this.scale.firstElementChild.textContent = `${round.toLocaleString(lang)}\u00a0km`;
  }
  zoom(by, cx = 0.5, cy = 0.5, soft = false) {
    const [x, y, wide] = this.goal, w = Math.min(this.most, Math.max(this.least, wide / by));
    const to = [x + (wide - w) * cx, y + (wide - w) * this.shape * cy, w];
    if (soft) this.glide(...to); else this.fit(...to);
  }
  go(where) {
    const { home, all: everything } = this.data;
    if (where === "in") this.zoom(1.5);
    else if (where === "out") this.zoom(1 / 1.5);
    else if (where === "home") this.fit(home[0], home[1], home[2]);
    else this.fit(everything[0], everything[1], this.most);
  }
  part(e) {
    const r = this.frame.getBoundingClientRect();
    return [(e.clientX - r.left) / r.width, (e.clientY - r.top) / r.height];
  }
  wheel(e) { // the page scrolls, unless the map was clicked or Ctrl is held
    if (!e.ctrlKey && !e.metaKey && !this.svg.contains(document.activeElement)) return;
    e.preventDefault();
    this.zoom(Math.exp(-e.deltaY / 400), ...this.part(e), true);
  }
  key(e) {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key];
    const act = { "+": "in", "=": "in", "-": "out", 0: "home" }[e.key];
    if (e.ctrlKey || e.metaKey || e.altKey || (!step && !act)) return;
    e.preventDefault();
    const [x, y, w] = this.goal;
    if (act) this.go(act); else this.fit(x + step[0] * w / 8, y + step[1] * w / 8, w);
    if (this.aimed) this.aimed();
  }
  move(e) { // one finger or the mouse moves the map; two fingers zoom it
    const last = this.fingers.get(e.pointerId);
    if (!last) return;
    const dx = e.clientX - last.clientX, dy = e.clientY - last.clientY;
    const other = [...this.fingers.values()].find((f) => f.pointerId !== e.pointerId);
    if (!other && !this.drag && Math.hypot(dx, dy) < 4) return;
    if (!this.drag && this.svg.isConnected) try { this.svg.setPointerCapture(e.pointerId); } catch { /* it has gone */ }
    this.drag = true;
    const gap = (f) => Math.hypot(f.clientX - other.clientX, f.clientY - other.clientY) || 1;
    const unit = this.goal[2] / this.width;
    if (other) this.zoom(gap(e) / gap(last), ...this.part(other), true);
    else this.glide(this.goal[0] - dx * unit, this.goal[1] - dy * unit, this.goal[2]);
    this.fingers.set(e.pointerId, e);
  }
  lift(e) {
    if (!this.fingers.delete(e.pointerId) || this.fingers.size) return;
    if (this.drag) for (const sheet of [this, ...this.linked]) sheet.rest();
    setTimeout(() => { this.drag = false; }); // the click that ends a drag is none
  }
}
