// Long lists of choices: what does not hold the words is out of the way. Nothing of this is asked of the server.
document.addEventListener("input", event => {
  if (!event.target.matches?.("[data-find]")) return;
  event.stopPropagation();
  const wanted = event.target.value.trim().toLowerCase();
  for (const choice of event.target.parentElement.querySelectorAll(".c-check")) {
    choice.hidden = !choice.textContent.toLowerCase().includes(wanted);
  }
}, true);
document.addEventListener("keydown", event => {
  if (event.key === "Enter" && event.target.matches?.("[data-find]")) event.preventDefault();
});
