// Who works by keyboard goes on where they were, also when what they have just pressed is gone.
(() => {
  const SOON = 5000;
  let list = null, place = 0, when = 0;

  document.addEventListener("submit", ({ target: form }) => {
    const item = form.closest(".c-task");
    if (!item) return;
    list = item.closest("[id]:not(.c-task)").id;
    place = [...item.parentElement.children].indexOf(item);
    when = Date.now();
  });
  document.addEventListener("htmx:after:swap", () => {
    if (!list || Date.now() - when > SOON || document.activeElement !== document.body) return;
    const ticks = document.getElementById(list)?.querySelectorAll(".c-tick") ?? [];
    (ticks[Math.min(place, ticks.length - 1)] ?? document.getElementById("task-open"))?.focus();
    list = null;
  });
})();
