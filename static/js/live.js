// The open customer page asks every few seconds whether anything changed, and says so to its parts when it did.
(() => {
  const EVERY = 3000;
  const live = () => document.getElementById("live");

  const look = async () => {
    const place = live();
    // Somebody who writes is not disturbed by a request, and a hidden page asks for nothing.
    if (!place || document.hidden) return;
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
    document.dispatchEvent(new CustomEvent("facts-changed"));
  };
  document.addEventListener("DOMContentLoaded", () => { if (live()) setInterval(look, EVERY); });
  document.addEventListener("visibilitychange", look);
  // A customer may have got another name.
  document.addEventListener("htmx:after:swap", () => {
    const title = document.getElementById("crumb")?.dataset.title;
    if (title && title !== document.title) document.title = title;
  });
})();
