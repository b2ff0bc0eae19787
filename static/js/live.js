// An open page asks every few seconds whether anything changed, and says so to its parts when it did. What asks names
// where (data-stamp-url), what it says then (data-says) and how often in seconds (data-every).
(() => {
  const OFTEN = 3;
  const AGAIN = 15; // seconds after what was asked for could not be fetched
  const next = new WeakMap();
  const places = () => document.querySelectorAll("[data-stamp-url]");
  const saysOf = place => place.dataset.says ?? "facts-changed";

  const look = async place => {
    let answer;
    try {
      answer = await fetch(place.dataset.stampUrl, {
        headers: { "If-None-Match": `"${place.dataset.stamp}"`, "HX-Request": "true" },
        cache: "no-store",
        redirect: "error",
      });
    } catch {
      return; // The next look will tell; an unreachable server is not worth a message every three seconds.
    }
    const stamp = answer.headers.get("ETag")?.replace(/^W\/|"/g, "");
    if (answer.status !== 200 || !stamp || stamp === place.dataset.stamp) return;
    place.dataset.stamp = stamp;
    document.dispatchEvent(new CustomEvent(saysOf(place)));
    // What changed here is often told of elsewhere too: a complaint rings the bell.
    for (const other of places()) if (other !== place) next.delete(other);
  };
  const lookAll = at => {
    // A hidden page asks for nothing.
    if (document.hidden) return;
    for (const place of places()) {
      if (at < (next.get(place) ?? 0)) continue;
      next.set(place, at + (Number(place.dataset.every) || OFTEN) * 1000 - 100);
      look(place);
    }
  };
  document.addEventListener("DOMContentLoaded", () => {
    if (!document.querySelector("[data-stamp-url]")) return;
    // What came without a stamp has not been shown yet.
    for (const place of document.querySelectorAll("[data-stamp-url]:not([data-stamp=''])")) next.set(place, Date.now() + OFTEN * 1000 - 100);
    lookAll(Date.now());
    setInterval(() => lookAll(Date.now()), 1000);
  });
  document.addEventListener("visibilitychange", () => {
    for (const place of places()) next.delete(place);
    lookAll(Date.now());
  });
  // A part that could not be fetched still shows what was: it is told once more, however long nothing else changes.
  const failed = event => {
    const said = event.detail.ctx?.sourceEvent?.type;
    for (const place of places()) {
      if (saysOf(place) !== said) continue;
      place.dataset.stamp = "";
      next.set(place, Date.now() + AGAIN * 1000);
    }
  };
  for (const name of ["htmx:error", "htmx:response:error"]) document.addEventListener(name, failed);
  // A customer may have got another name.
  document.addEventListener("htmx:after:swap", () => {
    const title = document.getElementById("crumb")?.dataset.title;
    if (title && title !== document.title) document.title = title;
  });
})();
