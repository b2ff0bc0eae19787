// Ticking customers of a list: the bar with what can be done with them, "x" on a row, all of a page, all that fit.
// With Shift the box of a row takes along those between it and the box that was pressed before.
(() => {
  let last = null;
  const boxes = () => [...document.querySelectorAll("[data-pick]")];
  const update = () => {
    const bar = document.getElementById("bulk");
    if (!bar) return;
    const all = boxes(), ticked = all.filter(box => box.checked), page = document.querySelector("[data-pick-page]");
    const everybody = bar.querySelector("[data-pick-all]")?.checked;
    const said = bar.querySelector("[data-picked]");
    bar.classList.toggle("c-bulk-open", ticked.length > 0);
    said.textContent = everybody ? said.dataset.all : said.dataset.one.replace("{n}", ticked.length);
    if (page) page.checked = ticked.length > 0 && ticked.length === all.length;
    if (page) page.indeterminate = ticked.length > 0 && ticked.length < all.length;
    for (const box of all) box.closest("[data-row]").toggleAttribute("data-picked", box.checked);
  };
  const tick = on => {
    for (const box of boxes()) box.checked = on;
    const everybody = document.querySelector("[data-pick-all]");
    if (everybody && !on) everybody.checked = false;
    update();
  };
  document.addEventListener("change", event => {
    if (event.target.matches?.("[data-pick-page]")) tick(event.target.checked);
    else if (event.target.matches?.("[data-pick], [data-pick-all]")) update();
  });
  const through = (box, from) => {
    const all = boxes(), [first, end] = [all.indexOf(from), all.indexOf(box)].sort((a, b) => a - b);
    if (first >= 0) for (const one of all.slice(first, end + 1)) one.checked = box.checked;
    update();
  };
  document.addEventListener("click", event => {
    if (event.target.closest?.("[data-pick-none]")) tick(false);
    const box = event.target.closest?.("[data-pick]");
    if (!box) return;
    if (event.shiftKey && last) through(box, last);
    last = box;
  });
  // Another page or filter shows others: whom one does not see any more is not selected.
  document.addEventListener("htmx:after:swap", event => {
    if (event.detail.ctx?.target?.id === "list") tick(false);
    else if (document.getElementById("bulk")) update();
  });
  for (const name of ["DOMContentLoaded", "pageshow"]) window.addEventListener(name, update);
})();
