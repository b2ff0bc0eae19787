// Cells that are edited where they stand: a double click, Enter or F2 opens one, Esc leaves it, arrows go from one to
// the next. The server answers with the whole row.
(() => {
  let here = ""; // the cell that somebody is at while its row is on the way
  const cellOf = node => node.closest?.("[data-cell]");
  const rowOf = node => node.closest("[data-row]");
  const cellsOf = row => [...row.querySelectorAll("[data-cell]")].filter(cell => cell.getClientRects().length);
  const fieldOf = form => form.querySelector("input:not([type=hidden]), select");
  // Beside the field stands what it held when it was opened.
  const isTouched = form => fieldOf(form).value !== form.querySelector("input[name^=initial-]").value;
  const leave = form => form.querySelector("[data-leaves]").click();

  const open = cell => {
    const other = document.querySelector("[data-cell-form]");
    // What is typed in another cell is not thrown away: first it is saved or left.
    if (other && isTouched(other)) { fieldOf(other).focus(); return; }
    if (other && rowOf(other) !== rowOf(cell)) leave(other);
    here = cell.id;
    cell.dispatchEvent(new Event("open-cell"));
  };
  const step = (from, key) => {
    const row = rowOf(from), cell = cellOf(from), cells = cellsOf(row);
    if (key === "ArrowRight") return cells[cells.indexOf(cell) + 1];
    if (!cell) return null;
    if (key === "ArrowLeft") return cells[cells.indexOf(cell) - 1] ?? row.querySelector("a");
    const next = key === "ArrowDown" ? row.nextElementSibling : row.previousElementSibling;
    return next && cellsOf(next)[cells.indexOf(cell)];
  };

  document.addEventListener("dblclick", event => {
    const cell = cellOf(event.target);
    if (cell && !event.target.closest("[data-cell-form]")) open(cell);
  });
  document.addEventListener("click", event => {
    const cell = event.target.closest?.("[data-opens-cell]") && cellOf(event.target);
    if (cell) open(cell);
  });
  document.addEventListener("keydown", event => {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const form = event.target.closest?.("[data-cell-form]");
    if (form) {
      here = cellOf(form).id;
      if (event.key !== "Enter" || !event.target.matches("select")) return;
      event.preventDefault();
      form.requestSubmit();
      return;
    }
    if (event.target.matches?.("[data-cell]") && ["Enter", "F2"].includes(event.key)) {
      event.preventDefault();
      open(event.target);
    } else if (event.key.startsWith("Arrow") && event.target.matches?.("[data-cell], [data-row] .c-who")) {
      const next = step(event.target, event.key);
      if (next) event.preventDefault();
      next?.focus();
    }
  });
  document.addEventListener("htmx:after:swap", event => {
    const cell = here && document.getElementById(here);
    if (!cell || event.detail.ctx?.target !== rowOf(cell)) return;
    const form = cell.querySelector("[data-cell-form]");
    const field = form && fieldOf(form);
    (field ?? cell).focus();
    if (field?.matches("input")) field.select();
  });
})();
