// The page: pictures go in, answers come out.

import { Failure, classify, drawing, heatMap, models, useToken } from "./api.js";
import { percent, speak, text } from "./text.js";
import { card, earlier, element, title } from "./view.js";

const MOST_ENTRIES = 12;
const AGAIN = new Set(["busy", "gone", "late", "failed", "unknown"]);

const byId = (id) => document.getElementById(id);
const drop = byId("drop");

let all = [];
let entries = [];
let current = null;
let running = new AbortController();
let timer = 0;
let afterToken = null;
const drawings = new Map();

const key = (model) => `${model.name}/${model.version}`;

/** Returns the models that are selected: one, or two to compare. */
function chosen() {
  const keys = new Set([byId("model").value, byId("other").value]);
  return all.filter((model) => keys.has(key(model)))
    .sort((one, other) => Number(key(other) === byId("model").value) - Number(key(one) === byId("model").value));
}

function tell(message) {
  byId("status").textContent = message;
}

/** Does something that the server may refuse. Returns true if it was done. */
async function attempt(action) {
  clearTimeout(timer);
  byId("problem").hidden = true;
  try {
    await action();
    return true;
  } catch (failure) {
    if (failure.name !== "AbortError") {
      tell("");
      report(failure instanceof Failure ? failure : new Failure("failed", String(failure)), action);
    }
    return false;
  } finally {
    byId("result").removeAttribute("aria-busy");
  }
}

function report(failure, action) {
  if (failure.kind === "unauthorized" || failure.kind === "forbidden") {
    byId("access").hidden = false;
    byId("token").focus();
    afterToken = action;
  }
  const parts = [element("strong", { textContent: text(failure.kind, failure) })];
  if (failure.message) {
    parts.push(element("small", { textContent: failure.message, lang: "en" }));
  }
  if (AGAIN.has(failure.kind)) {
    parts.push(element("button", { type: "button", textContent: text("again"), onclick: () => attempt(action) }));
  }
  if (failure.kind === "busy") {
    timer = setTimeout(() => attempt(action), failure.seconds * 1000);
  }
  byId("problem").replaceChildren(...parts);
  byId("problem").hidden = false;
}

/** Gets the list of models, until there is one. */
async function list() {
  all = await models();
  fillSelects();
  if (all.length === 0) {
    tell(text("loading"));
    timer = setTimeout(() => attempt(list), 1000);
  } else if (byId("status").textContent === text("loading")) {
    tell("");
  }
}

function fillSelects() {
  for (const [id, none] of [["model", false], ["other", true]]) {
    const select = byId(id);
    const before = select.value;
    const options = all.map((model) => element("option", { value: key(model), textContent: title(model) }));
    select.replaceChildren(...(none ? [element("option", { value: "", textContent: text("none") })] : []), ...options);
    if (options.some((option) => option.value === before)) {
      select.value = before;
    }
  }
  byId("other").parentElement.hidden = all.length < 2;
}

/** Asks the selected models about a picture, as far as they have not answered yet, and shows it. */
async function look(entry) {
  running.abort();
  running = new AbortController();
  const { signal } = running;
  if (entry.file.size === 0) {
    throw new Failure("picture422", "");
  }
  tell(text("working", entry));
  byId("result").setAttribute("aria-busy", "true");
  await Promise.all(chosen().filter((model) => !entry.results.has(key(model))).map(async (model) => {
    const { classes, heatmap } = await classify(model, entry.file, signal);
    const maps = new Map([[heatmap.index, `data:image/png;base64,${heatmap.png}`]]);
    entry.results.set(key(model), { classes, maps, selected: heatmap.index });
  }));
  entry.url ??= URL.createObjectURL(entry.file);
  current = entry;
  remember(entry);
  render();
  const answers = chosen().map((model) => {
    const [{ label, probability }] = entry.results.get(key(model)).classes;
    return text("answer", { model: title(model), label, percent: percent(probability) });
  });
  tell(text("done", { name: entry.name, answers: answers.join("; ") }));
}

function remember(entry) {
  if (!entries.includes(entry)) {
    entries.unshift(entry);
  }
  for (const forgotten of entries.splice(MOST_ENTRIES)) {
    URL.revokeObjectURL(forgotten.url);
    for (const result of forgotten.results.values()) {
      result.maps.forEach((address) => URL.revokeObjectURL(address));
    }
  }
}

function render() {
  byId("result").hidden = !current;
  byId("history").hidden = entries.length < 2;
  const hadFocus = byId("earlier").contains(document.activeElement);
  byId("earlier").replaceChildren(...earlier(entries, current, (entry) => attempt(() => look(entry))));
  if (hadFocus) {
    byId("earlier").querySelector("[aria-current=true]").focus();
  }
  if (!current) {
    return;
  }
  drop.classList.add("small");
  const known = chosen().filter((model) => current.results.has(key(model)));
  byId("cards").classList.toggle("two", known.length > 1);
  byId("cards").replaceChildren(...known.map((model) => {
    const entry = current;
    const result = entry.results.get(key(model));
    return card(model, entry, result, {
      select: (index) => attempt(async () => {
        if (!result.maps.has(index)) {
          result.maps.set(index, URL.createObjectURL(await heatMap(model, entry.file, index)));
        }
      }),
      drawing: async () => {
        await attempt(async () => {
          if (!drawings.has(key(model))) {
            drawings.set(key(model), URL.createObjectURL(await drawing(model)));
          }
        });
        return drawings.get(key(model));
      },
    });
  }));
}

async function take(files) {
  if (files.length === 0) {
    report(new Failure("noPicture", ""), null);
  }
  for (const file of files) {
    const name = file.name && file.name !== "image.png" ? file.name : text("pasted");
    await attempt(() => look({ name, file, url: null, results: new Map() }));
  }
}

function setOpacity() {
  const value = Number(byId("opacity").value) / 100;
  byId("cards").style.setProperty("--opacity", value);
  byId("opacityValue").textContent = percent(value);
}

for (const [button, input] of [["choose", "file"], ["shoot", "camera"]]) {
  byId(button).addEventListener("click", () => byId(input).click());
  byId(input).addEventListener("change", async (event) => {
    const files = [...event.target.files];
    event.target.value = "";
    if (files.length > 0) {
      await take(files);
    }
  });
}
document.addEventListener("dragover", (event) => {
  event.preventDefault();
  drop.classList.add("over");
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) {
    drop.classList.remove("over");
  }
});
document.addEventListener("drop", (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  take([...event.dataTransfer.files]);
});
document.addEventListener("paste", (event) => {
  if (event.target.id !== "token") {
    take([...event.clipboardData.files]);
  }
});
byId("opacity").addEventListener("input", setOpacity);
for (const id of ["model", "other"]) {
  byId(id).addEventListener("change", () => {
    if (current) {
      attempt(() => look(current));
    }
  });
}
for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => {
    speak(button.dataset.language);
    byId("problem").hidden = true;
    tell("");
    fillSelects();
    setOpacity();
    render();
  });
}
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && byId("problem").hidden) {
    attempt(list);
  }
});
byId("access").addEventListener("submit", async (event) => {
  event.preventDefault();
  useToken(byId("token").value);
  byId("access").hidden = true;
  if (all.length === 0) {
    await attempt(list);
  }
  if (afterToken && afterToken !== list) {
    await attempt(afterToken);
  }
});

speak();
setOpacity();
attempt(list);
