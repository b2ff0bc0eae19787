// Parts of a page that are folded away: a button opens and closes them. What was opened stays open when the part comes again.
(() => {
  const fold = (part, open) => {
    part.toggleAttribute("data-open", open);
    for (const button of document.querySelectorAll(`[data-unfolds][aria-controls="${part.id}"]`)) button.setAttribute("aria-expanded", open);
  };
  document.addEventListener("click", event => {
    const button = event.target.closest("[data-unfolds]");
    const part = button && document.getElementById(button.getAttribute("aria-controls"));
    if (part) fold(part, !part.hasAttribute("data-open"));
  });
  // An address that leads to a part opens it.
  const named = () => {
    const part = document.getElementById(location.hash.slice(1));
    if (part?.matches(".c-fold")) fold(part, true);
  };
  document.addEventListener("DOMContentLoaded", named);
  addEventListener("hashchange", named);
})();
