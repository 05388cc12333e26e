// Measures a page. The last expression is the result; it is evaluated from outside the page, so it
// works where the page itself may run no scripts.
(() => {
  const name = (element) => (element.textContent || "").trim().slice(0, 40);

  // The boxes of all texts that show, line by line.
  const boxes = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!node.data.trim() || !parent.checkVisibility()) continue;
    if (parent.closest("title, style, script")) continue;
    const head = parent.closest("thead");
    // Of a table that is stacked the head is for screen readers only.
    if (head && getComputedStyle(head).position === "absolute") continue;
    const svgText = parent.closest("text");
    const range = document.createRange();
    range.selectNodeContents(node);
    const rects = svgText ? [svgText.getBoundingClientRect()] : [...range.getClientRects()];
    for (const rect of rects) {
      if (rect.width > 0.5 && rect.height > 0.5) boxes.push({ rect, text: name(parent), node });
    }
  }
  const overlaps = [];
  for (let i = 0; i < boxes.length; i++) {
    for (let j = i + 1; j < boxes.length; j++) {
      const [a, b] = [boxes[i], boxes[j]];
      if (a.node === b.node) continue;
      const across = Math.min(a.rect.right, b.rect.right) - Math.max(a.rect.left, b.rect.left);
      const down = Math.min(a.rect.bottom, b.rect.bottom) - Math.max(a.rect.top, b.rect.top);
      // Boxes are higher than what is drawn in them: neighbouring lines may touch.
      if (across > 1 && down > 2) overlaps.push(`${a.text} | ${b.text}`);
    }
  }

  const width = document.documentElement.clientWidth;
  const tooWide = boxes
    .filter(({ rect }) => rect.left < -0.5 || rect.right > width + 0.5)
    // A wide map is scrolled by itself; the page must not be.
    .filter(({ node }) => !node.parentElement.closest(".scroll"))
    .map(({ text }) => text);
  if (document.documentElement.scrollWidth > width && !tooWide.length) {
    tooWide.push(`the page: ${document.documentElement.scrollWidth} of ${width}`);
  }

  const figures = [...document.querySelectorAll("figure.chart")];
  const badCharts = [];
  for (const figure of figures) {
    const pictures = [...figure.querySelectorAll("svg.curves")];
    // A map is a table whose cells are coloured.
    const cells = [...figure.querySelectorAll("table.map tbody td")];
    const clear = "rgba(0, 0, 0, 0)";
    const isColoured = (cell) => ![clear, ""].includes(getComputedStyle(cell).backgroundColor);
    if (!pictures.length && !cells.some(isColoured)) badCharts.push(`${figure.id}: no picture`);
    for (const picture of pictures) {
      const view = picture.viewBox.baseVal;
      const paths = [...picture.querySelectorAll("path:not(.limit)")];
      if (!paths.some((path) => path.getAttribute("d"))) badCharts.push(`${figure.id}: no path`);
      for (const path of paths) {
        const box = path.getBBox();
        const inside =
          box.x >= -0.5 && box.y >= -0.5 &&
          box.x + box.width <= view.width + 0.5 && box.y + box.height <= view.height + 0.5;
        if (!inside) badCharts.push(`${figure.id}: a path leaves the picture`);
      }
      const area = picture.getBoundingClientRect();
      if (figures.length && area.width < 5) badCharts.push(`${figure.id}: no area`);
    }
  }

  const foreign = [...document.querySelectorAll("script, img, iframe, object, embed, form, a, base")];
  return JSON.stringify({
    answer: document.querySelector("#answer")?.textContent ?? "",
    text: document.body.innerText,
    figures: figures.map((figure) => figure.id),
    overlaps,
    too_wide: tooWide,
    bad_charts: badCharts,
    foreign: foreign.map((element) => element.outerHTML.slice(0, 60)),
    title_changes: document.title === "changed" ? 1 : 0,
  });
})()
