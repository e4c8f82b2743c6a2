"use strict";
// Shows /openapi.json: each route with what it takes and what it gives. Everything is put in as text, never as markup.
(async () => {
  const place = document.getElementById("reference");

  function element(name, text = "", ...children) {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    made.append(...children.filter(Boolean));
    return made;
  }

  function type(schema) {
    if (!schema) return "";
    if (schema.$ref) return schema.$ref.split("/").pop();
    if (schema.anyOf) return schema.anyOf.map(type).join(" or ");
    if (schema.enum) return schema.enum.map((each) => JSON.stringify(each)).join(" | ");
    if ("const" in schema) return JSON.stringify(schema.const);
    if (schema.type === "array") return `list of ${type(schema.items) || "anything"}`;
    return schema.type || "anything";
  }

  function table(rows) {
    const body = element("tbody");
    for (const [name, kind, meaning] of rows) {
      body.append(element("tr", "", element("td", "", element("code", name)), element("td", kind), element("td", meaning)));
    }
    const head = element("tr", "", ...["Name", "Type", "Meaning"].map((each) => element("th", each)));
    return element("table", "", element("thead", "", head), body);
  }

  function fields(schema) {
    const required = new Set(schema.required || []);
    return Object.entries(schema.properties || {}).map(([name, each]) => [
      required.has(name) ? `${name} *` : name, type(each), each.description || "",
    ]);
  }

  function operation(path, method, told) {
    const made = element("section", "", element("h2", `${method.toUpperCase()} ${path}`));
    made.append(element("p", told.description || told.summary || ""));
    const body = told.requestBody?.content?.["application/json"]?.schema;
    if (body && body.properties) made.append(element("h3", "Body: a JSON object"), table(fields(body)));
    const parameters = (told.parameters || []).map((each) => [each.name, type(each.schema), each.description || ""]);
    if (parameters.length) made.append(element("h3", "Parameters"), table(parameters));
    const answers = Object.entries(told.responses || {}).map(([status, each]) => [
      status, Object.values(each.content || {}).map((one) => type(one.schema)).join(", "), each.description || "",
    ]);
    made.append(element("h3", "Answers"), table(answers));
    return made;
  }

  try {
    const response = await fetch("openapi.json");
    if (!response.ok) throw new Error(`the server answers ${response.status}`);
    const told = await response.json();
    place.append(element("p", told.info.description));
    for (const [path, operations] of Object.entries(told.paths)) {
      for (const [method, each] of Object.entries(operations)) place.append(operation(path, method, each));
    }
    place.append(element("h2", "Documents"));
    for (const [name, schema] of Object.entries(told.components.schemas || {})) {
      if (!schema.properties) continue;
      place.append(element("details", "", element("summary", name), element("p", schema.description || ""), table(fields(schema))));
    }
  } catch (error) {
    place.append(element("p", `The document cannot be shown: ${error.message}`));
  }
})();
