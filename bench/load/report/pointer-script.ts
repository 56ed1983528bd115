/** What the page runs: values under the pointer, in each chart that carries its data. */
export const POINTER_SCRIPT = `
for (const chart of document.querySelectorAll("[data-chart]")) {
  const { x, lines } = JSON.parse(chart.dataset.chart);
  const svg = chart.querySelector("svg");
  const hair = Object.assign(document.createElement("div"), { className: "hair", hidden: true });
  const tip = Object.assign(document.createElement("div"), { className: "tip", hidden: true });
  chart.append(hair, tip);
  const line = (text, strong) => {
    const row = document.createElement("span");
    row.append(strong ? Object.assign(document.createElement("b"), { textContent: text }) : text);
    return row;
  };
  svg.addEventListener("pointermove", ({ clientX }) => {
    const box = svg.getBoundingClientRect();
    const outer = chart.getBoundingClientRect();
    const at = (clientX - box.left) / box.width;
    let nearest = 0;
    x.forEach((one, index) => {
      if (Math.abs(one.at - at) < Math.abs(x[nearest].at - at)) nearest = index;
    });
    if (x.length === 0) return;
    const left = box.left - outer.left + x[nearest].at * box.width;
    const top = box.top - outer.top;
    hair.style.cssText = \`left:\${left}px;top:\${top}px;height:\${box.height * 0.87}px\`;
    tip.style.cssText = \`left:\${left}px;top:\${top + 14}px\`;
    tip.classList.toggle("left", at > 0.6);
    tip.replaceChildren(
      line(x[nearest].label, true),
      ...lines.map(({ name, values }) => line(name + "  " + values[nearest])),
    );
    hair.hidden = tip.hidden = false;
  });
  svg.addEventListener("pointerleave", () => { hair.hidden = tip.hidden = true; });
}
`;
