// Cells that are edited where they stand: a double click, Enter or F2 opens one, Esc leaves it, arrows go from one to
// the next. The server answers with the whole row.
(() => {
  let here = ""; // the cell that somebody is at while its row is on the way
  const cellOf = node => node.closest?.("[data-cell]");
  const rowOf = node => node.closest("[data-row]");
  const cellsOf = row => [...row.querySelectorAll("[data-cell]")].filter(cell => cell.getClientRects().length);
  const fieldOf = form => form.querySelector("input:not([type=hidden]), select, button");
  const boxesOf = form => [...form.querySelectorAll("input[type=checkbox]")];
  // Beside the field stands what it held when it was opened.
  const isTouched = form => {
    const boxes = boxesOf(form);
    if (boxes.length) return boxes.some(box => box.checked !== box.defaultChecked);
    return !form.querySelector("[role=group]") && fieldOf(form).value !== form.querySelector("input[name^=initial-]").value;
  };
  // The cell with the name is a link; where the keys are, it is that.
  const focus = cell => (cell.querySelector(":scope > .c-who") ?? cell).focus();
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
    if (key === "ArrowLeft") return cells[cells.indexOf(cell) - 1];
    const next = key === "ArrowDown" ? row.nextElementSibling : row.previousElementSibling;
    return next && cellsOf(next)[cells.indexOf(cell)];
  };

  // Among boxes the arrows go, Enter saves; in the search above them Enter ticks the first that is found.
  const inForm = (form, { key, target }) => {
    if (key === "Enter" && target.matches("[data-find]") && target.value) {
      boxesOf(form).find(box => box.getClientRects().length)?.click();
      target.select();
      return true;
    }
    if (key === "Enter" && target.matches("select, input[type=checkbox], [data-find]")) {
      form.requestSubmit();
      return true;
    }
    const way = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (!way || !target.matches("input[type=checkbox], [data-find]")) return false;
    const stops = [...form.querySelectorAll("[data-find], input[type=checkbox]")].filter(one => one.getClientRects().length);
    stops[stops.indexOf(target) + way]?.focus();
    return true;
  };

  document.addEventListener("dblclick", event => {
    const cell = cellOf(event.target);
    if (cell && !event.target.closest("a, [data-cell-form]")) open(cell);
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
      if (inForm(form, event)) event.preventDefault();
      return;
    }
    const opens = { "[data-cell]": ["Enter", "F2"], "[data-cell] > .c-who": ["F2"] };
    if (Object.entries(opens).some(([place, keys]) => event.target.matches?.(place) && keys.includes(event.key))) {
      event.preventDefault();
      open(cellOf(event.target));
    } else if (event.key.startsWith("Arrow") && event.target.matches?.("[data-cell], [data-row] .c-who")) {
      const next = step(event.target, event.key);
      if (!next) return;
      event.preventDefault();
      focus(next);
    }
  });
  document.addEventListener("htmx:after:swap", event => {
    const cell = here && document.getElementById(here);
    if (!cell || event.detail.ctx?.target !== rowOf(cell)) return;
    const form = cell.querySelector("[data-cell-form]");
    const field = form && fieldOf(form);
    if (!field) { focus(cell); return; }
    field.focus();
    if (field.matches("input")) field.select();
    form.scrollIntoView({ block: "nearest" });
  });
})();
