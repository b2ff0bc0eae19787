// Near the limit of a field it says how much room is left. Nothing is cut off: what is too long can be shortened.
(() => {
  const NEAR = 0.9;
  const number = count => count.toLocaleString("en");

  const noteOf = field => {
    const id = `${field.id}_length`;
    let note = document.getElementById(id);
    if (!note) {
      note = document.createElement("p");
      note.id = id;
      field.after(note);
    }
    return note;
  };
  document.addEventListener("input", ({ target: field }) => {
    const most = Number(field.dataset?.most);
    if (!most) return;
    const count = [...field.value].length;
    if (count < most * NEAR) {
      document.getElementById(`${field.id}_length`)?.remove();
      return;
    }
    const { near, over } = document.getElementById("length-words").dataset;
    const note = noteOf(field);
    note.className = count > most ? "c-help c-bad" : "c-help";
    note.textContent = (count > most ? over : near)
      .replace("{n}", number(count)).replace("{most}", number(most)).replace("{over}", number(count - most));
  });
})();
