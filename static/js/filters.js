// The address of a list names only what is in force; the server tells the address to keep.
document.addEventListener("htmx:config:request", event => {
  const { ctx } = event.detail;
  if (ctx.sourceElement.id !== "filters") return;
  const kept = new FormData();
  for (const [name, value] of ctx.request.body) {
    if (name === "q" || value !== "") kept.append(name, value);
  }
  ctx.request.body = kept;
});
// Panels: a click beside one, or Esc in it, closes it, the innermost first; one of a kind is open at a time.
const openPanels = () => [...document.querySelectorAll("details[data-panel][open]")];
const summaryOf = panel => panel.querySelector("summary");
// A condition that says nothing yet is not in force: before the panel goes, it is marked in its row.
// A value that was still on its way when the panel went may come back as wrong: the panel is there again with it.
let asked = false, gone = false;
const isEmpty = field => !field.value.trim() || (field.hasAttribute("aria-invalid") && field.value === field.defaultValue);
const isUnfinished = row => {
  if (!row.querySelector(".c-pick-field").value) return true;
  const choices = row.querySelector(".c-pick");
  if (choices) return !choices.querySelector("input[type=checkbox]:checked");
  return [...row.querySelectorAll(".c-value input")].some(isEmpty);
};
const markUnfinished = () => {
  const marked = [...document.querySelectorAll("#builder [data-condition]")].filter(row => {
    const bad = asked && isUnfinished(row);
    row.classList.toggle("c-condition-unfinished", bad);
    row.querySelector("[data-unfinished]").hidden = !bad || Boolean(row.querySelector("[aria-invalid]"));
    return bad;
  });
  asked = marked.length > 0;
  return marked[0];
};
const mayClose = panel => {
  if (panel.id !== "more-filters") return true;
  asked = true;
  const row = markUnfinished();
  gone = !row;
  if (!row) return true;
  const picked = row.querySelector(".c-pick-field");
  const rest = row.querySelector(".c-pick summary") || [...row.querySelectorAll(".c-value input")].find(isEmpty);
  (picked.value && rest || picked).focus();
  return false;
};
document.addEventListener("click", event => {
  // Enter in a field presses the form's first button, which nobody sees: no click of a person.
  if (event.target.matches?.("button[hidden]")) return;
  const closes = event.target.closest?.("[data-closes]")?.dataset.closes;
  if (event.target.closest?.("#builder button[name=do]")) asked = false;
  let stays = false;
  for (const panel of openPanels()) {
    // What has just been pressed may be gone by now: then it was no click beside.
    if (panel.id !== closes && (!event.target.isConnected || panel.contains(event.target))) continue;
    if (mayClose(panel)) panel.open = false;
    else stays = true;
  }
  if (closes && !stays) summaryOf(document.getElementById(closes)).focus();
});
document.addEventListener("keydown", event => {
  const panel = event.key === "Escape" && !event.isComposing && openPanels().pop();
  if (!panel) return;
  panel.open = false;
  summaryOf(panel).focus();
  event.stopPropagation();
}, true);
// Nothing is asked once more that was asked while it was typed: who goes on to the list would see it exchanged under their hands.
document.addEventListener("change", event => {
  if (event.target.matches?.("[data-find], #search")) event.stopPropagation();
}, true);
// What the answer names is what a list shows, also where a person has chosen something else before; a new condition
// is where the person goes on, and after one that was taken away, the next or the button that adds one.
document.addEventListener("htmx:after:swap", () => {
  const form = document.getElementById("filters");
  if (!form) return;
  form.querySelectorAll("option[selected]").forEach(option => { option.selected = true; });
  form.querySelectorAll("input[type=checkbox]").forEach(box => { box.checked = box.hasAttribute("checked"); });
  const wrong = gone && form.querySelector("#builder [aria-invalid]");
  gone = false;
  if (wrong) {
    asked = document.getElementById("more-filters").open = true;
    markUnfinished();
    wrong.focus();
    return;
  }
  if (asked) markUnfinished();
  const fresh = form.querySelector("[data-fresh]");
  if (fresh) fresh.focus();
  else if (document.activeElement === document.body && document.getElementById("more-filters").open) {
    document.getElementById("add-r")?.focus();
  }
});
