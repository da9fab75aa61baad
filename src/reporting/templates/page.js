// Tables are sorted by a click on a column's head, and nothing is folded away on paper.
for (const table of document.querySelectorAll("table")) {
  if (table.tBodies[0].rows.length < 3) continue;
  [...table.tHead.rows[0].cells].forEach((head, index) => {
    const isNumber = head.classList.contains("number");
    const valueOf = (row) => {
      const text = row.cells[index].textContent.trim();
      return isNumber ? parseFloat(text.replace(/,/g, "")) : text;
    };
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const isFalling = head.ariaSort ? head.ariaSort === "ascending" : isNumber;
      for (const other of table.tHead.rows[0].cells) other.ariaSort = null;
      head.ariaSort = isFalling ? "descending" : "ascending";
      const order = (a, b) => (isNumber ? a - b : a.localeCompare(b, undefined, { numeric: true }));
      const rows = [...table.tBodies[0].rows].map((row) => [valueOf(row), row]);
      const isKnown = ([value]) => (isNumber ? !Number.isNaN(value) : value !== "");
      const known = rows.filter(isKnown).sort(([a], [b]) => (isFalling ? order(b, a) : order(a, b)));
      table.tBodies[0].append(...[...known, ...rows.filter((row) => !isKnown(row))].map(([, row]) => row));
    });
  });
}
let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("details:not([open])")];
  for (const details of opened) details.open = true;
});
addEventListener("afterprint", () => {
  for (const details of opened) details.open = false;
});
