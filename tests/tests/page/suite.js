// Drives the page of a suite, then leaves what happened in the body's `data-` attributes.
addEventListener("load", () => {
  const say = (k, v) => document.body.setAttribute("data-" + k, v);
  const byId = (id) => document.getElementById(id);
  const letters = (id) => [...byId(id).querySelectorAll(".c")].map((c) => c.getAttribute("class").slice(-1)).join("");
  const change = (id, value) => { byId(id).value = value; byId(id).dispatchEvent(new Event("change", { bubbles: true })); };
  dispatchEvent(new Event("beforeprint")); // the maps are drawn for print, or when they are near
  say("plans", byId("plan-a").options.length);
  say("shapes", `${byId("left").querySelectorAll(".c").length} ${byId("right").querySelectorAll(".c").length}`);
  change("plan-a", "1");
  change("plan-b", "3");
  say("names", `${byId("name-left").textContent}|${byId("name-right").textContent}`);
  say("differ", letters("left") !== letters("right"));
  change("plan-b", "1");
  say("equal", letters("left") === letters("right"));
  change("what", "change");
  say("stable", [...letters("right")].every((k) => "2nu".includes(k)));
  change("plan-b", "3");
  say("worse", letters("right").includes("0"));
  say("compared", byId("name-right").textContent);
  say("only", byId("only").textContent);
  const view = (id) => byId(id).getAttribute("viewBox");
  const before = view("left");
  byId("right").closest(".frame").querySelector("[data-z=in]").click();
  say("linked", view("left") === view("right") && view("left") !== before);
  change("find", "ambierle");
  say("panel", byId("panel").textContent);
  say("selected", `${byId("left").querySelectorAll(".c.on").length} ${byId("right").querySelectorAll(".c.on").length}`);
  byId("right").querySelectorAll(".c")[3].dispatchEvent(new MouseEvent("click", { bubbles: true }));
  say("again", `${byId("left").querySelectorAll(".c.on").length} ${byId("panel").querySelectorAll("tbody tr").length}`);
  say("years", [...byId("year").options].map((o) => o.text).join());
  if (byId("year").options.length > 1) {
    change("plan-a", "0");
    const [name, colours, pins] = [byId("name-left").textContent, letters("left"), byId("left").querySelectorAll(".m").length];
    change("year", byId("year").options[0].value);
    say("dated", `${name}|${byId("name-left").textContent}`);
    say("earlier", colours !== letters("left") && byId("left").querySelectorAll(".m").length < pins);
  }
  say("wide", document.documentElement.scrollWidth > innerWidth);
});
