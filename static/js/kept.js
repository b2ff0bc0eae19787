// What somebody has opened stays open when the list around it is drawn anew.
(() => {
  let open = [];
  document.addEventListener("htmx:before:swap", () => {
    open = [...document.querySelectorAll("details[data-kept][open]")].map(one => one.id);
  });
  document.addEventListener("htmx:after:swap", () => {
    for (const id of open) {
      const one = document.getElementById(id);
      if (one) one.open = true;
    }
  });
})();
