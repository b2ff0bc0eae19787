// Buttons that enter a value into a field; saving it is left to people.
(() => {
  "use strict";
  document.addEventListener("click", event => {
    const button = event.target.closest("[data-fills]");
    if (!button) return;
    const field = document.getElementById(button.dataset.fills);
    field.value = button.dataset.value;
    field.focus();
    field.dispatchEvent(new Event("input", {bubbles: true}));
  });
})();
