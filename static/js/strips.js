// A strip of tabs that is wider than the window shows the one that is chosen; who scrolls it by hand is left alone.
(() => {
  const shown = new WeakMap();

  const show = () => {
    for (const strip of document.querySelectorAll(".c-tabs")) {
      const chosen = strip.querySelector(":scope > [aria-current]");
      if (!chosen || shown.get(strip) === chosen.href) continue;
      shown.set(strip, chosen.href);
      const { left, right } = chosen.getBoundingClientRect();
      const box = strip.getBoundingClientRect();
      if (right > box.right) strip.scrollLeft += right - box.right;
      if (left < box.left) strip.scrollLeft -= box.left - left;
    }
  };
  document.addEventListener("DOMContentLoaded", show);
  document.addEventListener("htmx:after:swap", show);
})();
