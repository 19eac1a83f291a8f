// Filters and sorts the rows that are on the page. Without it the page is whole, in the order of urgency.
(() => {
  "use strict";
  const table = document.querySelector("table");
  const body = table.tBodies[0];
  const rows = Array.from(body.rows, (row) => ({ row, state: row.dataset.state, text: row.textContent.toLowerCase() }));
  const query = document.getElementById("query");
  const boxes = Array.from(document.querySelectorAll("input[name=state]"));
  const shown = document.getElementById("shown");

  const filter = () => {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    const states = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    let count = 0;
    for (const { row, state, text } of rows) {
      const hidden = !states.has(state) || !words.every((word) => text.includes(word));
      if (row.hidden !== hidden) row.hidden = hidden;
      count += !hidden;
    }
    shown.textContent = `${count} of ${rows.length} shown`;
  };

  const key = (row, column) => row.cells[column].dataset.key ?? row.cells[column].textContent.trim();

  const sort = (heading) => {
    const column = heading.cellIndex;
    const direction = heading.getAttribute("aria-sort") === "ascending" ? -1 : 1;
    const compare = heading.dataset.sort === "number" ? (a, b) => a - b : new Intl.Collator("en", { numeric: true }).compare;
    const keyed = rows.map(({ row }) => [key(row, column), row]);
    keyed.sort(([a], [b]) => direction * compare(a, b));
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", direction === 1 ? "ascending" : "descending");
    body.append(...keyed.map(([, row]) => row));
  };

  for (const heading of table.querySelectorAll("th[data-sort]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    button.addEventListener("click", () => sort(heading));
    heading.append(button);
  }
  const controls = document.getElementById("controls");
  controls.addEventListener("submit", (event) => event.preventDefault());
  controls.addEventListener("input", filter);
  controls.hidden = false;
  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((details) => { details.open = true; }));
  filter();
})();
