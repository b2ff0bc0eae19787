// Buttons that enter a value into a field; saving it is left to people.
(() => {
  "use strict";
  document.addEventListener("click", event => {
    const button = event.target.closest("[data-fills]");
    if (!button) return;
    const field = document.getElementById(button.dataset.fills);
    const boxes = field.querySelectorAll("input[type=checkbox]");
    if (boxes.length) {
      const wanted = button.dataset.value.split(",");
      for (const box of boxes) box.checked = wanted.includes(box.value);
      boxes[0].focus();
      return;
    }
    field.value = button.dataset.value;
    field.focus();
    field.dispatchEvent(new Event("input", {bubbles: true}));
  });
})();
