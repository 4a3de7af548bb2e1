// The parts of the page that are made of results.

import { number, percent, text } from "./text.js";

/** Returns an element with properties and children. */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-")) {
      made.setAttribute(name, value);
    } else {
      made[name] = value;
    }
  }
  made.append(...children);
  return made;
}

/** Returns the title of a model. */
export function title(model) {
  return model.several ? `${model.name} (${text("version", model)})` : model.name;
}

/**
 * Returns the card of a model with its answer for a picture.
 *
 * @param entry the picture: name and url
 * @param result classes; selected: the index of a class; maps: the addresses of heat maps by index of class
 * @param actions select: returns when the heat map of a class is in maps; drawing: returns the address of the drawing
 */
export function card(model, entry, result, actions) {
  const heading = element("h2", {}, title(model), element("small", {
    textContent: text("about", { ...model, classes: number(model.classes) }),
  }));
  const evidence = figure(model, entry);
  const bars = element("ol", { className: "bars" });
  const buttons = new Map();
  const show = (index) => {
    result.selected = index;
    const { label } = result.classes.find((each) => each.index === index);
    evidence.show(label, result.maps.get(index));
    for (const [each, button] of buttons) {
      button.setAttribute("aria-pressed", String(each === index));
    }
  };
  for (const { index, label, probability } of result.classes) {
    const button = element("button", { type: "button", onclick: async () => {
      if (await actions.select(index)) {
        show(index);
      }
    } }, element("span", { className: "label", textContent: label }),
    element("span", { className: "percent", textContent: percent(probability) }));
    button.style.setProperty("--part", probability);
    buttons.set(index, button);
    bars.append(element("li", {}, button));
  }
  show(result.selected);
  const answers = element("div", {}, bars, element("p", { className: "hint", textContent: text("hint") }));
  return element("article", { className: "card", "aria-label": title(model) },
    heading, evidence.node, answers, network(model, actions));
}

function figure(model, entry) {
  const photo = element("img", { className: "photo", alt: text("photo", entry) });
  const layer = element("img", { className: "layer" });
  const stack = element("div", { className: "stack" }, photo, layer);
  const caption = element("figcaption");
  let unseen = "";
  let said = "";
  const speak = () => {
    caption.textContent = `${said} ${unseen}`.trim();
  };
  photo.onerror = () => {
    stack.classList.add("alone");
    unseen = text("unseen");
    speak();
  };
  photo.src = entry.url;
  return {
    node: element("figure", {}, stack, caption),
    show(label, address) {
      layer.src = address;
      layer.alt = text("layer", { label });
      said = text("caption", { label, block: model.block });
      speak();
    },
  };
}

function network(model, actions) {
  const drawing = element("div", { className: "drawing", tabIndex: 0, role: "group", "aria-label": text("network") });
  const details = element("details", { open: model.isOpen ?? false },
    element("summary", { textContent: text("network") }), drawing);
  details.addEventListener("toggle", async () => {
    model.isOpen = details.open;
    if (details.open && !drawing.hasChildNodes()) {
      const address = await actions.drawing();
      if (address) {
        drawing.replaceChildren(element("img", { src: address, alt: text("drawing", model) }));
      }
    }
  });
  return details;
}

/** Returns the list items of earlier pictures. */
export function earlier(entries, current, open) {
  return entries.map((entry) => element("li", {}, element("button",
    { type: "button", onclick: () => open(entry), "aria-current": String(entry === current) },
    element("img", { src: entry.url, alt: "" }),
    element("span", { textContent: entry.name }))));
}
