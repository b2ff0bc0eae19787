// Buttons that copy what stands in a field or a text, and say that they have.
(() => {
  "use strict";
  const copy = async place => {
    const text = place.value ?? place.textContent;
    // Over plain http a browser offers no clipboard: the old way copies what is selected.
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    if (place.select) place.select();
    else getSelection().selectAllChildren(place);
    document.execCommand("copy");
  };
  document.addEventListener("click", async event => {
    const button = event.target.closest("[data-copies]");
    if (!button) return;
    await copy(document.getElementById(button.dataset.copies));
    const label = button.querySelector("span");
    const before = label.textContent;
    if (before === button.dataset.copied) return;
    label.textContent = button.dataset.copied;
    const status = document.querySelector("[data-copy-status]");
    if (status) status.textContent = button.dataset.copied;
    setTimeout(() => { label.textContent = before; }, 3000);
  });
  // The cursor goes where the answer is: to the new token, to the first mistake, or to the list.
  document.addEventListener("htmx:after:swap", event => {
    const ctx = event.detail.ctx;
    if (!["access", "tokens"].includes(ctx?.target?.id) || ctx.request?.method !== "POST") return;
    const next = document.querySelector("#access [aria-invalid=true]")
      ?? document.querySelector("#new-token [data-copies]")
      ?? document.getElementById("tokens-title");
    (ctx.target.id === "tokens" ? document.getElementById("tokens-title") : next)?.focus();
  });
})();
