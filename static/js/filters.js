// The address of a list names only the filters that are in force.
document.addEventListener("htmx:config:request", event => {
  const { ctx } = event.detail;
  if (ctx.sourceElement.id !== "filters") return;
  const kept = new FormData();
  for (const [name, value] of ctx.request.body) {
    if (value !== "" && !(name === "sort" && value === "-value")) kept.append(name, value);
  }
  ctx.request.body = kept;
});
// A click beside the open panel, or Esc in it, closes it.
document.addEventListener("click", event => {
  const panel = document.getElementById("more-filters");
  if (panel?.open && !panel.contains(event.target)) panel.open = false;
});
document.addEventListener("keydown", event => {
  const panel = document.getElementById("more-filters");
  if (event.key === "Escape" && panel?.open) {
    panel.open = false;
    document.getElementById("more-filters-button").focus();
  }
});
// What the answer names is what a list shows, also where a person has chosen something else before.
document.addEventListener("htmx:after:swap", () => {
  document.querySelectorAll("#filters option[selected]").forEach(option => { option.selected = true; });
});
