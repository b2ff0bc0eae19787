// Buttons that open a dialog, empty a place again, or put the cursor into a field.
document.addEventListener("click", event => {
  const button = event.target.closest("[data-opens], [data-empties], [data-focus]");
  if (!button) return;
  const { opens, empties, focus } = button.dataset;
  if (opens) document.getElementById(opens)?.showModal();
  if (empties) {
    document.getElementById(empties).replaceChildren();
    document.querySelector(`[hx-target="#${empties}"]`)?.focus();
  }
  if (focus) {
    event.preventDefault();
    const field = document.getElementById(focus);
    field?.scrollIntoView({ block: "center" });
    field?.focus({ preventScroll: true });
  }
});
document.addEventListener("click", event => { if (event.target.closest("[data-prints]")) window.print(); });
// A click beside the dialog closes it.
document.addEventListener("click", event => { if (event.target instanceof HTMLDialogElement) event.target.close(); });
// What was asked for by a button is where the person goes on writing.
document.addEventListener("htmx:after:swap", event => {
  const target = event.detail.ctx?.target;
  if (target?.id === "task-slot" || target?.id === "details") {
    (target.querySelector("[aria-invalid=true], [autofocus]") ?? target.querySelector("form input:not([type=hidden])") ?? target.querySelector("#details-edit"))?.focus();
  }
  // A task that is edited in its place has taken the place of its row.
  const edited = document.querySelector(".c-task-open:not([data-met])");
  if (edited) {
    edited.dataset.met = "yes";
    (edited.querySelector("[aria-invalid=true]") ?? edited.querySelector("input:not([type=hidden])")).focus();
  }
});
