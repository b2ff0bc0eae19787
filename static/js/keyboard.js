// Single keys: never in fields, never with a modifier, never while Chinese is being composed, and only for those who
// want them: who speaks to the computer, or rests on the keyboard, switches them off in the help.
(() => {
  let leader = 0;

  const typing = target => target.isContentEditable || target.matches?.("input, textarea, select, [contenteditable]");
  const rows = () => [...document.querySelectorAll("[data-row]")];

  const move = step => {
    const all = rows();
    if (!all.length) return false;
    const at = all.indexOf(document.activeElement.closest?.("[data-row]"));
    const next = all[Math.max(0, Math.min(all.length - 1, at + step))] ?? all[0];
    (next.matches("a") ? next : next.querySelector("[data-first]") ?? next.querySelector("a, button"))?.focus();
    return true;
  };
  const press = id => {
    // What each row of a list has is pressed in the row where the focus is.
    const row = "ae".includes(id) && document.activeElement.closest?.("[data-row]");
    const button = (row || document).querySelector(`[data-key="${id}"]`);
    // Pressed before htmx has taken the page over, it would lead to a page of its own: wait for htmx.
    if (button?.matches("[hx-get]:not([data-htmx-powered])")) setTimeout(press, 20, id);
    else button?.click();
    return !!button;
  };
  const search = () => {
    const field = document.querySelector("[data-search]") ?? document.getElementById("jump");
    field?.focus();
    field?.select();
    return !!field;
  };
  const OFF = "single-keys-off";
  const isChanged = field =>
    field.matches("select") ? [...field.options].some(one => one.selected !== one.defaultSelected)
      : field.matches("input[type=checkbox], input[type=radio]") ? field.checked !== field.defaultChecked
        : field.matches("input, textarea") && field.value !== field.defaultValue;
  const leave = (form, target) => {
    const way = form.querySelector("[data-leaves]");
    const holds = [...form.elements].some(field => isChanged(field) || field.matches("[aria-invalid=true]"));
    // Where much may be lost, the way out is only shown: once more, or Enter, takes it.
    if (way.dataset.leaves === "shown" && holds && target !== way) way.focus(); else way.click();
  };
  // What is open around the focus, the innermost first: a part that was unfolded, a form that was opened in its place.
  // Of any other field only the cursor goes; what is written there stays.
  const close = target => {
    let around = target.closest?.("details[open], form");
    while (around?.matches("form") && !around.querySelector("[data-leaves]")) around = around.parentElement.closest("details[open], form");
    if (around?.matches("form")) leave(around, target);
    else if (around) { around.open = false; around.querySelector("summary").focus(); }
    else if (typing(target)) target.blur();
    return !!around;
  };
  const keys = {
    "/": search,
    "?": () => { document.getElementById("keys")?.showModal(); return true; },
    j: () => move(1) || press("]"),
    k: () => move(-1) || press("["),
    "[": () => press("["),
    "]": () => press("]"),
    x: () => {
      const box = document.activeElement.closest?.("[data-row]")?.querySelector("[data-pick]");
      box?.click();
      return !!box;
    },
    n: () => press("n"),
    t: () => press("t"),
    a: () => press("a"),
    e: () => press("e"),
    F2: () => press("e"),
    g: () => { leader = Date.now(); return true; },
  };

  document.addEventListener("keydown", event => {
    if (event.isComposing || event.keyCode === 229 || event.altKey) return;
    if (event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape" && !document.querySelector("dialog[open]") && close(event.target)) event.preventDefault();
    if (localStorage.getItem(OFF) || typing(event.target) || document.querySelector("dialog[open]")) return;
    if (Date.now() - leader < 1500) {
      const link = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
      leader = 0;
      if (link) { event.preventDefault(); location.href = link.href; return; }
    }
    if (keys[event.key]?.()) event.preventDefault();
  });
  // A row that can be edited where it stands opens by a double click as well.
  document.addEventListener("dblclick", event => {
    const edit = event.target.closest?.("[data-row]")?.querySelector('[data-key="e"]');
    if (edit && !event.target.closest("a, button, input, summary, form")) edit.click();
  });
  document.addEventListener("DOMContentLoaded", () => {
    const single = document.getElementById("single-keys");
    if (!single) return;
    single.checked = !localStorage.getItem(OFF);
    single.addEventListener("change", () => single.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1"));
  });
  // On a phone the magnifier leads to the list with the cursor in its search field.
  document.addEventListener("DOMContentLoaded", () => {
    if (new URLSearchParams(location.search).get("focus") === "search") search();
  });
})();
