// Every drawn chart can be saved: as SVG as it stands there, or as a PNG twice its size, with its title and background.
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const PADDING = 16, HEAD = 44, SCALE = 2;

  const titleOf = figure => {
    const title = figure.querySelector("h2, h3") ?? figure.closest("section, article")?.querySelector("h2, h1");
    return title?.textContent.trim() ?? document.title;
  };
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const element = (name, attributes, text) => {
    const one = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, value);
    if (text) one.textContent = text;
    return one;
  };

  const drawing = figure => {
    const drawn = figure.querySelector("[data-chart] svg");
    const { width, height } = drawn.getBoundingClientRect();
    const [w, h] = [width + 2 * PADDING, height + HEAD + PADDING];
    const picture = element("svg", { xmlns: SVG, width: w, height: h, viewBox: `0 0 ${w} ${h}` });
    picture.append(element("rect", { width: w, height: h, fill: colour("surface") }));
    const font = { "font-family": getComputedStyle(document.body).fontFamily, "font-size": 15, "font-weight": 600 };
    picture.append(element("text", { x: PADDING, y: 28, fill: colour("text"), ...font }, titleOf(figure)));
    const copy = drawn.cloneNode(true);
    for (const [key, value] of Object.entries({ x: PADDING, y: HEAD, width, height })) copy.setAttribute(key, value);
    picture.append(copy);
    return { text: new XMLSerializer().serializeToString(picture), width: w, height: h };
  };
  const save = (address, name) => {
    const link = document.createElement("a");
    link.href = address;
    link.download = name;
    document.body.append(link);
    link.click();
    link.remove();
  };
  const asPng = ({ text, width, height }) => new Promise((done, failed) => {
    const image = new Image();
    image.addEventListener("error", failed);
    image.addEventListener("load", () => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [width * SCALE, height * SCALE];
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob(done, "image/png");
    });
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  });

  document.addEventListener("click", async event => {
    const button = event.target.closest("[data-picture]");
    if (!button) return;
    const figure = button.closest("figure");
    const made = drawing(figure);
    const kind = button.dataset.picture;
    const blob = kind === "svg" ? new Blob([made.text], { type: "image/svg+xml" }) : await asPng(made);
    const address = URL.createObjectURL(blob);
    const day = new Date().toISOString().slice(0, 10);
    save(address, `${titleOf(figure).replace(/[^\p{L}\p{N}]+/gu, "-").toLowerCase()}-${day}.${kind}`);
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  });
  document.addEventListener("chart-drawn", event => {
    const figure = event.target.closest("figure");
    if (!figure || figure.querySelector("[data-picture]")) return;
    const words = document.getElementById("picture-words").content.cloneNode(true);
    const table = figure.querySelector("details");
    if (table) table.before(words);
    else figure.append(words);
  });
})();
