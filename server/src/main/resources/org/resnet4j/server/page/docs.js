// The page of the API, made from its OpenAPI document.

import { element } from "./view.js";

const METHODS = ["get", "post", "put", "delete", "head", "options", "patch"];

const api = await (await fetch("openapi.json")).json();

/** Returns what a reference leads to; anything else as it is. */
function resolve(value) {
  return value.$ref ? value.$ref.split("/").slice(1).reduce((at, name) => at[name], api) : value;
}

const code = (content) => element("code", { textContent: content });
const note = (content) => element("span", { className: "note", textContent: content });

/** Returns text in which backticks mark code. */
function prose(content = "") {
  return element("p", {}, ...content.split("`").map((part, index) => (index % 2 ? code(part) : part)));
}

/** Returns a description of a schema: a link if it has a name, and otherwise its type and properties. */
function schema(given) {
  if (given.$ref) {
    const name = given.$ref.split("/").at(-1);
    return element("a", { href: `#schema-${name}`, textContent: name });
  }
  const parts = [];
  const type = given.enum ? given.enum.map((each) => JSON.stringify(each)).join(" | ")
    : "const" in given ? JSON.stringify(given.const) : [given.type ?? ""].flat().join(" | ");
  parts.push(code(type), " ");
  const limits = ["minimum", "maximum", "minItems", "maxItems", "default", "contentEncoding"]
    .filter((name) => name in given).map((name) => `${name} ${given[name]}`);
  if (limits.length > 0) {
    parts.push(note(`(${limits.join(", ")}) `));
  }
  for (const [name, word] of [["oneOf", "one of "], ["allOf", "all of "]]) {
    if (given[name]) {
      parts.push(word, element("ul", { className: "schema" }, ...given[name].map((each) => element("li", {}, schema(each)))));
    }
  }
  if (given.items && Object.keys(given.items).length > 0) {
    parts.push("of ", schema(given.items));
  }
  if (typeof given.additionalProperties === "object") {
    parts.push("of ", schema(given.additionalProperties));
  }
  if (given.description) {
    parts.push(` ${given.description} `);
  }
  if (given.properties) {
    parts.push(element("ul", { className: "schema" }, ...Object.entries(given.properties).map(([name, each]) =>
      element("li", {}, code(name), (given.required ?? []).includes(name) ? " " : note(" optional "), schema(each)))));
  }
  return element("span", {}, ...parts);
}

function content(given = {}) {
  return Object.entries(given).map(([type, { schema: of }]) =>
    element("p", {}, code(type), " ", ...(of ? [schema(of)] : [])));
}

function list(rows) {
  return element("dl", {}, ...rows.flatMap(([term, ...parts]) => [element("dt", {}, term), element("dd", {}, ...parts)]));
}

function operation(address, method, given, shared) {
  const parts = [
    element("h3", {}, element("span", { className: "method", textContent: method.toUpperCase() }), code(address)),
    prose(given.summary),
    ...(given.description ? [prose(given.description)] : []),
  ];
  const parameters = [...shared, ...(given.parameters ?? [])].map(resolve);
  if (parameters.length > 0) {
    parts.push(element("h4", { textContent: "Parameters" }), list(parameters.map((each) => [
      element("span", {}, code(each.name), note(each.required ? ` ${each.in}, required` : ` ${each.in}`)),
      `${each.description ?? ""} `, schema(each.schema),
    ])));
  }
  if (given.requestBody) {
    const body = resolve(given.requestBody);
    parts.push(element("h4", { textContent: "Body" }), prose(body.description), ...content(body.content));
  }
  parts.push(element("h4", { textContent: "Replies" }), list(Object.entries(given.responses).map(([status, response]) => {
    const reply = resolve(response);
    const headers = Object.entries(reply.headers ?? {}).map(([name, header]) =>
      element("p", {}, code(name), ` ${header.description}`));
    return [code(status), reply.description, ...content(reply.content), ...headers];
  })));
  return element("article", { id: given.operationId }, ...parts);
}

const operations = Object.entries(api.paths).flatMap(([address, path]) =>
  METHODS.filter((method) => path[method]).map((method) =>
    ({ address, method, given: path[method], shared: path.parameters ?? [] })));

const body = [prose(api.info.description)];
const contents = [];
for (const { name, description } of api.tags) {
  const own = operations.filter(({ given }) => given.tags.includes(name));
  body.push(element("h2", { textContent: description }),
    ...own.map(({ address, method, given, shared }) => operation(address, method, given, shared)));
  contents.push(element("h2", { textContent: description }), element("ul", {}, ...own.map(({ address, given }) =>
    element("li", {}, element("a", { href: `#${given.operationId}`, textContent: address })))));
}
body.push(element("h2", { textContent: "Schemas" }), ...Object.entries(api.components.schemas).map(([name, given]) =>
  element("article", { id: `schema-${name}` }, element("h3", {}, code(name)), schema(given))));
document.getElementById("contents").replaceChildren(...contents);
document.getElementById("document").replaceChildren(...body);
document.querySelector("main").removeAttribute("aria-busy");
