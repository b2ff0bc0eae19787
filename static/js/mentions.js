// While a name is typed behind an @, colleagues are offered; the arrow keys and Enter choose, or a click.
(() => {
  const TYPED = /(^|[^A-Za-z0-9_])@([^\s@]{0,30}(?: [^\s@]{0,30})?)$/;
  let asked = 0;

  const listOf = field => field.parentElement.querySelector("[role=listbox]");
  const typedIn = field => TYPED.exec(field.value.slice(0, field.selectionStart))?.[2];
  const close = field => {
    const list = listOf(field);
    asked += 1;
    list.hidden = true;
    list.replaceChildren();
    field.removeAttribute("aria-activedescendant");
  };
  const mark = (field, option) => {
    for (const one of listOf(field).children) one.setAttribute("aria-selected", String(one === option));
    field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };
  const choose = (field, option) => {
    const end = field.selectionStart, start = end - typedIn(field).length;
    field.setRangeText(`${option.dataset.name} `, start, end, "end");
    close(field);
    field.focus();
  };
  const offer = async field => {
    const typed = typedIn(field);
    if (typed === undefined) { close(field); return; }
    const mine = ++asked;
    let answer;
    try {
      answer = await fetch(`${field.dataset.mentions}?q=${encodeURIComponent(typed)}`, { headers: { "HX-Request": "true" }, redirect: "error" });
    } catch {
      return; // A name can be typed to its end without any help.
    }
    if (mine !== asked || !answer.ok) return;
    const html = await answer.text();
    if (mine !== asked) return;
    const list = listOf(field);
    list.innerHTML = html;
    list.hidden = !list.children.length;
    if (list.children.length) mark(field, list.firstElementChild);
  };
  document.addEventListener("input", event => {
    if (event.target.matches?.("[data-mentions]") && !event.isComposing) offer(event.target);
  });
  document.addEventListener("compositionend", event => { if (event.target.matches?.("[data-mentions]")) offer(event.target); });
  document.addEventListener("keydown", event => {
    const field = event.target;
    if (!field.matches?.("[data-mentions]") || event.isComposing || listOf(field).hidden) return;
    const options = [...listOf(field).children];
    const at = options.findIndex(one => one.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      mark(field, options[(at + (event.key === "ArrowDown" ? 1 : options.length - 1)) % options.length]);
    } else if (event.key === "Enter" || event.key === "Tab") {
      choose(field, options[Math.max(0, at)]);
    } else if (event.key === "Escape") {
      close(field);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
  document.addEventListener("mousedown", event => {
    const option = event.target.closest?.(".c-mention-list [role=option]");
    if (!option) return;
    event.preventDefault();
    choose(option.closest(".c-mentions").querySelector("[data-mentions]"), option);
  });
  document.addEventListener("focusout", event => { if (event.target.matches?.("[data-mentions]")) close(event.target); });
})();
