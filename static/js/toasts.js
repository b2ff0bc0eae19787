// What happened, at the edge of the page: good news leaves by itself, errors stay until they are closed.
(() => {
  const box = () => document.getElementById("toasts");
  const STAY = 10000;
  const phone = matchMedia("(max-width: 780px)");

  const arm = toast => {
    if (toast.dataset.armed) return;
    toast.dataset.armed = "yes";
    let timer;
    const start = () => { timer = setTimeout(() => toast.remove(), STAY); };
    // Nobody loses "Undo" while reaching for it.
    for (const name of ["mouseenter", "focusin"]) toast.addEventListener(name, () => clearTimeout(timer));
    for (const name of ["mouseleave", "focusout"]) toast.addEventListener(name, start);
    start();
  };
  // A few at most, on a phone one: the older go first, good news before errors.
  const make = room => {
    const all = [...box().children];
    const good = all.filter(toast => toast.matches("[data-toast]"));
    for (const old of [...good, ...all.filter(toast => !good.includes(toast))].slice(0, Math.max(0, all.length - room))) old.remove();
  };
  const armAll = () => {
    if (!box()) return;
    box().querySelectorAll("[data-toast]").forEach(arm);
    make(phone.matches ? 1 : 3);
  };

  const complain = kind => {
    const toast = document.getElementById("toast-error").content.firstElementChild.cloneNode(true);
    const words = toast.querySelector("[data-failed]");
    words.textContent = words.dataset[kind];
    // The same complaint once, however often a poll fails.
    for (const old of box().querySelectorAll(".c-toast-error")) {
      if (old.textContent === toast.textContent) old.remove();
    }
    box().append(toast);
    armAll();
  };

  // A click on a link must not take "Undo" away: what still stands when a page is left stands on the next one too.
  const KEPT = "kept-toasts";
  const keep = () => {
    const kept = [...box()?.querySelectorAll("[data-toast]") ?? []].filter(toast => toast.querySelector("form:not([data-sent])"));
    for (const toast of kept) delete toast.dataset.armed;
    const html = kept.map(toast => toast.outerHTML).join("");
    try {
      if (html) sessionStorage.setItem(KEPT, JSON.stringify({ html, until: Date.now() + STAY }));
      else sessionStorage.removeItem(KEPT);
    } catch { /* private windows keep nothing */ }
  };
  const bring = () => {
    let kept = null;
    try {
      kept = JSON.parse(sessionStorage.getItem(KEPT));
      sessionStorage.removeItem(KEPT);
    } catch { return; }
    if (!kept || kept.until < Date.now() || !box()) return;
    const seen = new Set([...box().querySelectorAll("form")].map(form => form.action));
    const again = document.createElement("template");
    again.innerHTML = kept.html;
    for (const toast of [...again.content.children].reverse()) {
      if (!seen.has(toast.querySelector("form").action)) box().prepend(toast);
    }
    window.htmx?.process(box());
  };
  window.addEventListener("pagehide", keep);
  // What was taken back is not offered again by the page that shows it so.
  document.addEventListener("submit", event => { if (event.target.closest("[data-toast]")) event.target.dataset.sent = "yes"; });

  document.addEventListener("click", event => event.target.closest("[data-close-toast]")?.closest(".c-toast").remove());
  // Only an answer made for the place may be put there: a form with its errors, not an error page.
  document.addEventListener("htmx:before:swap", event => {
    const status = event.detail.ctx?.response?.status ?? 200;
    if (status < 400 || status === 422) return;
    event.preventDefault();
    complain(status < 500 ? "refused" : "failed");
  });
  document.addEventListener("htmx:error", event => { if (event.detail.ctx) complain("offline"); });
  document.addEventListener("htmx:after:swap", armAll);
  document.addEventListener("DOMContentLoaded", () => { bring(); armAll(); });
})();
