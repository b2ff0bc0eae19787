// Before the first paint: the person's theme, else what this browser remembers, else the device's.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const remembered = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const chosen = () => root.dataset.theme || remembered() || "auto";
  const apply = () => {
    const choice = chosen();
    root.dataset.bsTheme = choice === "auto" ? (dark.matches ? "dark" : "light") : choice;
    // Charts take their colours from the tokens and draw again.
    document.dispatchEvent(new CustomEvent("theme-changed"));
  };
  apply();
  dark.addEventListener("change", apply);
  // Paper is light, whatever the screen is.
  addEventListener("beforeprint", () => {
    root.dataset.bsTheme = "light";
    document.dispatchEvent(new CustomEvent("theme-changed"));
  });
  addEventListener("afterprint", apply);

  document.addEventListener("click", event => {
    const button = event.target.closest("[data-theme-switch]");
    if (!button) return;
    const theme = root.dataset.bsTheme === "dark" ? "light" : "dark";
    root.dataset.theme = theme;
    try { localStorage.setItem("theme", theme); } catch { /* private windows keep nothing */ }
    apply();
    const headers = JSON.parse(document.body.getAttribute("hx-headers:inherited") || "{}");
    fetch(button.dataset.url, { method: "POST", headers, body: new URLSearchParams({ theme }) }).catch(() => {});
  });
})();
