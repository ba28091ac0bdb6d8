"use strict";
// Tables over columns of compact data: sorted, filtered and searched here, one page of rows at a
// time. Text enters the page as text only.
(() => {
  const SHOWN = 50;
  const number = new Intl.NumberFormat("en");
  const element = (name, text, kind) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (kind) made.className = kind;
    return made;
  };
  const percent = (value) => (value === null ? "–" : value + " %");
  const day = (minutes) => (minutes === null ? "–" : new Date(minutes * 60000).toISOString().slice(0, 16).replace("T", " "));

  // How a column's value becomes a cell; `data` holds the columns and the lists they point into.
  const cells = {
    text: (cell, value) => { cell.className = "foreign"; cell.textContent = value; },
    count: (cell, value) => { cell.className = "n"; cell.textContent = value === null ? "–" : number.format(value); },
    percent: (cell, value) => { cell.className = "n"; cell.textContent = percent(value); },
    time: (cell, value) => { cell.className = "time"; cell.textContent = day(value); },
    named: (cell, value, column, data) => { cell.className = "foreign"; cell.textContent = value === null ? "" : data[column.list][value]; },
    tag: (cell, value, column, data) => {
      const [words, tone] = data[column.list][value];
      cell.append(element("span", words, "tag " + tone));
    },
    interval: (cell, value) => {
      cell.className = "n";
      cell.textContent = value === null ? "–" : value[0] + " % (" + value[1] + "–" + value[2] + ")";
    },
    link: (cell, value, column, data, row) => {
      const page = column.page in data.columns ? data.columns[column.page][row] : null;
      const words = column.list ? (value === null ? "" : data[column.list][value]) : value;
      cell.className = "foreign name";
      if (page === null || page === "") { cell.textContent = words; return; }
      const link = element("a", words || "(no title)");
      link.setAttribute("href", column.folder + page + ".html");
      cell.append(link);
    },
  };
  const keyOf = (column, data, row) => {
    const value = data.columns[column.name][row];
    if (value === null) return null;
    if (column.kind === "interval") return value[0];
    if (column.kind === "named" || (column.kind === "link" && column.list)) return data[column.list][value].toLowerCase();
    return typeof value === "string" ? value.toLowerCase() : value;
  };

  const build = (box) => {
    const data = JSON.parse(document.getElementById(box.dataset.from).textContent);
    const length = data.columns[data.shown[0].name].length;
    const body = box.querySelector("tbody");
    const told = box.querySelector("[role=status]");
    const [back, on] = box.querySelectorAll(".pager button");
    const state = { page: 0, sort: null, falling: true, rows: [...Array(length).keys()] };
    const searched = data.shown.filter((column) => ["text", "named", "link"].includes(column.kind));
    let haystack = null;
    const textOf = (row) => {
      haystack ??= Array(length);
      haystack[row] ??= searched.map((column) => keyOf(column, data, row) ?? "").join("\n");
      return haystack[row];
    };

    const draw = () => {
      const last = Math.max(0, Math.ceil(state.rows.length / SHOWN) - 1);
      state.page = Math.min(state.page, last);
      const start = state.page * SHOWN;
      const rows = state.rows.slice(start, start + SHOWN).map((row) => {
        const line = element("tr");
        for (const column of data.shown) {
          const cell = element("td");
          cells[column.kind](cell, data.columns[column.name][row], column, data, row);
          line.append(cell);
        }
        return line;
      });
      body.replaceChildren(...rows);
      told.textContent = rows.length
        ? number.format(start + 1) + "–" + number.format(start + rows.length) + " of " + number.format(state.rows.length)
        : "nothing matches";
      back.disabled = state.page === 0;
      on.disabled = state.page === last;
    };

    const choose = () => {
      const tests = [];
      for (const input of box.querySelectorAll("[data-filter]")) {
        const wanted = input.value.trim();
        if (!wanted) continue;
        if (input.dataset.filter === "search") {
          const words = wanted.toLowerCase().split(/\s+/);
          tests.push((row) => words.every((word) => textOf(row).includes(word)));
        } else if (input.dataset.least !== undefined) {
          const values = data.columns[input.dataset.filter];
          tests.push((row) => values[row] !== null && values[row] >= Number(wanted));
        } else {
          const values = data.columns[input.dataset.filter];
          tests.push((row) => String(values[row]) === wanted);
        }
      }
      state.rows = [...Array(length).keys()].filter((row) => tests.every((test) => test(row)));
      if (state.sort) {
        const keys = new Map(state.rows.map((row) => [row, keyOf(state.sort, data, row)]));
        const sign = state.falling ? -1 : 1;
        state.rows.sort((a, b) => {
          const [x, y] = [keys.get(a), keys.get(b)];
          if (x === null || y === null) return (x === null) - (y === null) || a - b;
          return (x < y ? -sign : x > y ? sign : 0) || a - b;
        });
      }
      state.page = 0;
      draw();
    };

    box.querySelectorAll("thead th").forEach((head, place) => {
      head.querySelector("button").addEventListener("click", () => {
        const column = data.shown[place];
        const textual = ["text", "named", "link"].includes(column.kind);
        state.falling = state.sort === column ? !state.falling : !textual;
        state.sort = column;
        for (const other of box.querySelectorAll("thead th")) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", state.falling ? "descending" : "ascending");
        choose();
      });
    });
    for (const input of box.querySelectorAll("[data-filter]")) input.addEventListener("input", choose);
    back.addEventListener("click", () => { state.page -= 1; draw(); });
    on.addEventListener("click", () => { state.page += 1; draw(); });
    draw();
  };
  document.querySelectorAll("[data-from]").forEach(build);
})();
