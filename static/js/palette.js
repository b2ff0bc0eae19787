// The command palette: Ctrl or Cmd and K from anywhere. The server finds, here one chooses.
(() => {
  const box = document.getElementById("palette");
  if (!box) return;
  const field = document.getElementById("palette-field");
  const list = document.getElementById("palette-list");
  const status = document.getElementById("palette-status");
  const plain = field.placeholder;
  // Addresses alone, and per person: who may no longer see a customer is not told its name by the browser.
  const RECENT = `palette-recent-${box.dataset.user}`;
  const MOST = 8;
  let mode = "", waiting = 0, asked = null;

  const recent = () => {
    try { return JSON.parse(localStorage.getItem(RECENT)) ?? []; } catch { return []; }
  };
  // Customers, kept lists and the pages of the navigation: what has a name in the palette.
  const hasName = path =>
    /^\/customers\/(views\/)?\d+\/$/.test(path) || !!document.querySelector(`[data-page][href="${path}"]`);
  const remember = path => {
    if (!hasName(path)) return;
    localStorage.setItem(RECENT, JSON.stringify([path, ...recent().filter(one => one !== path)].slice(0, MOST)));
  };
  const options = () => [...list.querySelectorAll("[role=option]")];
  const chosen = () => list.querySelector("[aria-selected=true]");

  const choose = option => {
    chosen()?.setAttribute("aria-selected", "false");
    if (!option) { field.removeAttribute("aria-activedescendant"); return; }
    option.setAttribute("aria-selected", "true");
    field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };
  const step = by => {
    const all = options();
    if (all.length) choose(all[(all.indexOf(chosen()) + by + all.length) % all.length]);
  };
  const say = (words, n) => { status.textContent = words.replace("{n}", n); };

  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    const query = new URLSearchParams({ q: field.value, here: location.pathname, mode });
    for (const path of recent()) if (path !== location.pathname) query.append("recent", path);
    try {
      const answer = await fetch(`${box.dataset.url}?${query}`, { signal: asked.signal, headers: { "HX-Request": "true" } });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      list.innerHTML = await answer.text();
    } catch (error) {
      if (error.name === "AbortError") return;
      list.innerHTML = "";
      const words = document.createElement("p");
      words.className = "c-palette-none";
      words.textContent = status.dataset.failed;
      list.append(words);
      say(status.dataset.failed, 0);
      return;
    }
    const all = options();
    choose(all[0]);
    list.scrollTop = 0;
    const { none, one, some } = status.dataset;
    say([none, one][all.length] ?? some, all.length);
  };
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(ask, 120); };

  const begin = (next = "") => {
    mode = next;
    field.value = "";
    field.placeholder = mode ? field.dataset.call : plain;
    ask();
  };
  const open = () => {
    if (box.open) { box.close(); return; }
    document.querySelectorAll("dialog[open]").forEach(one => one.close());
    box.showModal();
    field.focus();
    begin();
  };

  const PRESSED = {
    theme: () => document.querySelector("[data-theme-switch]")?.click(),
    keys: () => document.getElementById("keys")?.showModal(),
    export: () => document.getElementById("export")?.click(),
  };
  const go = (option, apart) => {
    if (!option) return;
    const { press } = option.dataset;
    const url = option.getAttribute("href");
    if (url === "#call") { begin("call"); return; }
    box.close();
    if (press) { (PRESSED[press] ?? (() => document.querySelector(`[data-key="${press}"]`)?.click()))(); return; }
    if (apart) { window.open(url, "_blank", "noopener"); return; }
    location.href = url;
    if (new URL(url, location).pathname === location.pathname) talk();
  };

  // "#write-call" in an address: the form about a conversation, with its channel chosen and the cursor in it. No
  // element has this name, or the browser would take the cursor there.
  const talk = () => {
    const [, channel] = location.hash.match(/^#write-([a-z]+)$/) ?? [];
    const choice = channel && document.getElementById(`talk-${channel}`);
    if (!choice) return;
    choice.click();
    document.getElementById("talk-text").focus();
  };

  field.addEventListener("input", event => { if (!event.isComposing) soon(); });
  field.addEventListener("compositionend", soon);
  field.addEventListener("keydown", event => {
    if (event.isComposing || event.keyCode === 229) return;
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in moves) { event.preventDefault(); step(moves[event.key]); }
    if (event.key === "Home" && !field.value) choose(options()[0]);
    if (event.key === "Enter") { event.preventDefault(); go(chosen(), event.ctrlKey || event.metaKey); }
    if (event.key === "Backspace" && !field.value && mode) begin();
    // Where there is no button but the field, the tab key has nowhere to go.
    if (event.key === "Tab") { event.preventDefault(); step(event.shiftKey ? -1 : 1); }
  });
  list.addEventListener("mousemove", event => {
    const option = event.target.closest("[role=option]");
    if (option && option !== chosen()) choose(option);
  });
  list.addEventListener("click", event => {
    const option = event.target.closest("[role=option]");
    if (!option || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    go(option);
  });
  document.addEventListener("keydown", event => {
    if (event.isComposing || event.altKey || event.shiftKey || !(event.ctrlKey || event.metaKey)) return;
    if (event.key.toLowerCase() === "k") { event.preventDefault(); open(); }
  });
  document.addEventListener("click", event => { if (event.target.closest("[data-opens-palette]")) open(); });
  document.addEventListener("DOMContentLoaded", () => { remember(location.pathname); talk(); });
})();
