// The form of a recipient. Each change is a whole new recipient.

import { el } from "./state.js";

export function draw(place, form, recipient, now, changed) {
  const whole = structuredClone(recipient);
  const tell = () => changed(whole);
  place.replaceChildren(
    moment(now, whole, tell),
    ...form.consents.map((name) => consent(name, whole, tell)),
    ...form.fields.map((field) => attribute(field, whole, tell)),
    json("events", "events (JSON)", whole, tell),
    ...(Object.keys(form.scores).length ? [json("scores", "scores (JSON)", whole, tell)] : []),
    ...(form.lists.length ? [json("lists", "lists (JSON)", whole, tell)] : []),
  );
}

function moment(now, whole, tell) {
  const input = el("input", { id: "field-now", value: whole.now || now || "", placeholder: "2026-11-22T09:00Z" });
  input.addEventListener("change", () => { whole.now = input.value; tell(); });
  return el("div", { className: "field" }, el("label", { htmlFor: "field-now" }, "now"), input);
}

function consent(name, whole, tell) {
  const box = el("input", { type: "checkbox", id: `consent-${name}`, checked: (whole.consent || {})[name] === true });
  box.addEventListener("change", () => { whole.consent = { ...whole.consent, [name]: box.checked }; tell(); });
  return el("div", { className: "field row" }, box, el("label", { htmlFor: box.id }, `consent to ${name}`));
}

function attribute(field, whole, tell) {
  const id = `field-${field.name}`, known = field.name in whole && whole[field.name] !== null;
  const input = control(field, id, whole[field.name]);
  input.disabled = !known;
  const set = () => {
    try { whole[field.name] = value(field, input); input.removeAttribute("aria-invalid"); tell(); }
    catch { input.setAttribute("aria-invalid", "true"); }
  };
  input.addEventListener("change", set);
  const box = el("input", { type: "checkbox", id: `${id}-known`, checked: known });
  box.addEventListener("change", () => {
    input.disabled = !box.checked;
    if (box.checked) set(); else { delete whole[field.name]; tell(); }
  });
  const about = `${field.name}: ${field.type}${field.optional ? "?" : ""}${field.pii ? " pii" : ""}`;
  const row = el("div", { className: "row" }, input, box, el("label", { htmlFor: box.id }, "known"));
  return el("div", { className: "field" }, el("label", { htmlFor: id }, about), row);
}

function control(field, id, value) {
  if (field.kind === "choice")
    return el("select", { id }, ...field.members.map((name) => el("option", { value: name, selected: name === value }, name)));
  if (field.kind === "switch")
    return el("select", { id }, ...["false", "true"].map((name) => el("option", { value: name, selected: name === String(value) }, name)));
  if (field.kind === "json")
    return el("textarea", { id, value: value === undefined ? "[]" : JSON.stringify(value, null, 1), spellcheck: false });
  const type = field.kind === "number" ? "number" : "text";
  return el("input", { id, type, step: "any", value: value ?? "", placeholder: field.example || "" });
}

function value(field, input) {
  if (field.kind === "json") return JSON.parse(input.value);
  if (field.kind === "switch") return input.value === "true";
  if (field.kind === "number" && input.value !== "") return Number(input.value);
  return input.value;
}

function json(name, label, whole, tell) {
  const empty = name === "events" ? [] : {};
  const area = el("textarea", { id: `field-${name}`, spellcheck: false, value: JSON.stringify(whole[name] ?? empty, null, 1) });
  area.addEventListener("change", () => {
    try { whole[name] = JSON.parse(area.value); area.removeAttribute("aria-invalid"); tell(); }
    catch { area.setAttribute("aria-invalid", "true"); }
  });
  return el("div", { className: "field" }, el("label", { htmlFor: area.id }, label), area);
}
