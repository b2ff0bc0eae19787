// Who works by keyboard goes on where they were, also when what they have just pressed is gone.
(() => {
  const SOON = 5000;
  let next = null, when = 0;

  // A task that was edited in its place is a row again.
  const asRow = form => () => document.getElementById(form.id.replace("task-", "edit-"));
  const afterTask = item => {
    if (item.matches(".c-task-open")) return asRow(item);
    const list = item.closest("[id]:not(.c-task)").id;
    const place = [...item.parentElement.children].indexOf(item);
    return () => {
      const ticks = document.getElementById(list)?.querySelectorAll(".c-tick") ?? [];
      return ticks[Math.min(place, ticks.length - 1)] ?? document.getElementById("task-open");
    };
  };
  document.addEventListener("submit", ({ target: form }) => {
    const item = form.closest(".c-task");
    if (!item && !form.closest(".c-toast")) return;
    next = item ? afterTask(item) : () => document.getElementById("main");
    when = Date.now();
  });
  document.addEventListener("click", event => {
    const form = event.target.closest?.("[data-leaves]") && event.target.closest(".c-task-open");
    if (!form) return;
    next = asRow(form);
    when = Date.now();
  });
  document.addEventListener("htmx:after:swap", () => {
    if (!next || Date.now() - when > SOON || document.activeElement !== document.body) return;
    next()?.focus({ preventScroll: true });
    next = null;
  });
})();
