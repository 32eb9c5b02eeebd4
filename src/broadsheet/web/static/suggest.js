// Suggestions under the search boxes: the combobox pattern of the ARIA Authoring Practices Guide.
// Without this file the boxes search all the same.
"use strict";

const PAUSE_MS = 120;
const SHORTEST = 2;
const LONGEST = 200;
const REMEMBERED = 100;
const known = new Map();

async function ask(text, signal) {
  if (known.has(text)) return known.get(text);
  const answer = await fetch("/suggest?q=" + encodeURIComponent(text), { signal });
  if (!answer.ok) return [];
  const found = (await answer.json()).suggestions;
  if (known.size >= REMEMBERED) known.clear();
  known.set(text, found);
  return found;
}

function piece(kind, text) {
  const made = document.createElement("span");
  made.className = kind;
  made.textContent = text;
  return made;
}

function enhance(box) {
  const form = box.form;
  const list = document.createElement("ul");
  const news = piece("unseen", "");
  let shown = [];
  let active = -1;
  let timer = 0;
  let request = null;

  list.id = box.id + "-suggestions";
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  list.hidden = true;
  news.setAttribute("role", "status");
  form.append(list, news);
  // A search field may bear no such role (ARIA in HTML).
  box.type = "text";
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"],
    ["aria-expanded", "false"], ["aria-controls", list.id]]) box.setAttribute(name, value);

  function mark(number) {
    active = number;
    [...list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === number)));
    const option = list.children[number];
    if (option) {
      box.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else box.removeAttribute("aria-activedescendant");
  }

  function show(found) {
    shown = found;
    list.replaceChildren(...found.map((one, at) => {
      const option = document.createElement("li");
      option.id = list.id + "-" + at;
      option.setAttribute("role", "option");
      option.dir = "auto";
      option.append(piece("what", one.text), " ", piece("which", one.detail));
      return option;
    }));
    list.hidden = !found.length;
    box.setAttribute("aria-expanded", String(!list.hidden));
    mark(-1);
  }

  function close() {
    clearTimeout(timer);
    request?.abort();
    if (!list.hidden) news.textContent = "";
    show([]);
  }

  async function look() {
    const text = box.value.trim().slice(0, LONGEST);
    request?.abort();
    if (text.length < SHORTEST) return close();
    const mine = request = new AbortController();
    try {
      const found = await ask(text, mine.signal);
      if (mine.signal.aborted || document.activeElement !== box) return;
      show(found);
      news.textContent = found.length ? found.length + (found.length === 1 ? " suggestion" : " suggestions") : "";
    } catch {
      // Nobody answers, or something else was typed meanwhile.
      if (mine.signal.aborted) return;
      show([]);
      news.textContent = "";
    }
  }

  function go(number) {
    const url = new URL(shown[number].url, location.origin);
    close();
    if (url.origin === location.origin) location.assign(url);
  }

  const keys = {
    ArrowDown: () => shown.length ? mark(active + 1 < shown.length ? active + 1 : -1) : look(),
    ArrowUp: () => shown.length ? mark(active < 0 ? shown.length - 1 : active - 1) : "leave",
    Enter: () => active >= 0 ? go(active) : "submit",
    Escape: () => { if (list.hidden) box.value = ""; close(); },
    Tab: () => { close(); return "leave"; },
  };
  box.addEventListener("keydown", event => {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey || !(event.key in keys)) return;
    if (typeof keys[event.key]() !== "string") event.preventDefault();
  });
  box.addEventListener("input", () => {
    // What was chosen answered to other words.
    mark(-1);
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE_MS);
  });
  box.addEventListener("blur", close);
  form.addEventListener("submit", close);
  // The box keeps the focus while an option is pressed.
  list.addEventListener("mousedown", event => event.preventDefault());
  list.addEventListener("click", event => {
    const number = [...list.children].indexOf(event.target.closest("li"));
    if (number >= 0) go(number);
  });
}

document.querySelectorAll('form[role="search"] input[name="q"]').forEach(enhance);
