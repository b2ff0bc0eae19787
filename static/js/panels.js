// Panels that open from a button close again: by Esc, by a click beside them, when another one opens.
(() => {
  const open = () => [...document.querySelectorAll("details.c-drop[open]")];
  document.addEventListener("click", event => {
    for (const panel of open()) if (!panel.contains(event.target)) panel.open = false;
  });
  document.addEventListener("keydown", event => {
    if (event.key !== "Escape" || event.isComposing) return;
    for (const panel of open()) {
      panel.open = false;
      panel.querySelector("summary").focus();
    }
  });
})();
