// One day of the calendar is in the way of the Tab key; arrows go on from there, past the edge to the next page.
(() => {
  const DAY = 24 * 3600 * 1000;
  const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
  const days = () => [...document.querySelectorAll("#calendar [data-day]")];
  const at = text => days().find(day => day.dataset.day === text);
  const later = (text, count) => new Date(Date.parse(`${text}T00:00:00Z`) + count * DAY).toISOString().slice(0, 10);

  const go = day => {
    for (const one of days()) one.tabIndex = one === day ? 0 : -1;
    day.focus();
  };
  const leave = (way, text) => {
    const link = document.getElementById(way < 0 ? "cal-before" : "cal-after");
    const address = new URL(link.href);
    if (text) address.searchParams.set("day", text);
    address.hash = "day";
    location.href = address;
  };
  const move = (here, count) => {
    const to = later(here.dataset.day, count);
    const day = at(to);
    if (day) go(day); else leave(count, to);
  };
  document.addEventListener("keydown", event => {
    const here = event.target.closest?.("#calendar [data-day]");
    if (!here || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const week = days().indexOf(here) % 7;
    if (event.key in STEPS) move(here, STEPS[event.key]);
    else if (event.key === "Home") move(here, -week);
    else if (event.key === "End") move(here, 6 - week);
    else if (event.key === "PageUp") leave(-1);
    else if (event.key === "PageDown") leave(1);
    else if (event.key === "Enter" && event.target === here) here.querySelector(".c-cal-add").click();
    else return;
    event.preventDefault();
  });
  // Who came here by the arrows goes on by them.
  document.addEventListener("DOMContentLoaded", () => {
    if (location.hash === "#day") document.querySelector("#calendar [tabindex='0']")?.focus();
  });
})();
