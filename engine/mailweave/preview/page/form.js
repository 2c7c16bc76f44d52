// The form of a recipient. Each change is a whole new recipient.

import { el } from "./state.js";

export function draw(place, form, recipient, now, changed) {
  const whole = structuredClone(recipient);
  const tell = () => changed(whole);
  const isOwn = (name) => form.fields.some((field) => field.name === name);  // an attribute may have such a name
  place.replaceChildren(
    ...(isOwn("now") ? [] : [moment(now, whole, tell)]),
    ...form.consents.map((name) => consent(name, whole, tell)),
    ...form.fields.map((field) => attribute(field, whole, tell)),
    ...(isOwn("events") ? [] : [json("events", "events (JSON)", whole, tell)]),
    ...(Object.keys(form.scores).length ? [json("scores", "scores (JSON)", whole, tell)] : []),
    ...(form.lists.length ? [json("lists", "lists (JSON)", whole, tell)] : []),
  );
}

function moment(now, whole, tell) {
  const input = el("input", { id: "beside-now", value: whole.now || now || "", placeholder: "2026-11-22T09:00Z" });
  input.addEventListener("change", () => { whole.now = input.value; tell(); });
  return el("div", { className: "field" }, el("label", { htmlFor: "beside-now" }, "now"), input);
}

function consent(name, whole, tell) {
  const box = el("input", { type: "checkbox", id: `consent-${name}`, checked: (whole.consent || {})[name] === true });
  box.addEventListener("change", () => { whole.consent = { ...whole.consent, [name]: box.checked }; tell(); });
  return el("div", { className: "field row" }, box, el("label", { htmlFor: box.id }, `consent to ${name}`));
}

function attribute(field, whole, tell) {
  const id = `field-${field.name}`, known = Object.hasOwn(whole, field.name) && whole[field.name] !== null;
  const input = control(field, id, known ? whole[field.name] : undefined);
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
  if (field.kind === "choice") return choice(id, field.members, value);
  if (field.kind === "switch") return choice(id, ["false", "true"], value);
  if (field.kind === "json")
    return el("textarea", { id, value: JSON.stringify(value ?? [], null, 1), spellcheck: false });
  return el("input", { id, type: "text", inputMode: field.kind === "number" ? "decimal" : "text",
    value: written(value), placeholder: field.example || "" });
}

// A value that is no member, or of another type, stands there as well: what is not shown cannot be mended.
function choice(id, members, value) {
  const now = written(value);
  return el("select", { id }, ...(now === "" || members.includes(now) ? members : [now, ...members]).map((name) =>
    el("option", { value: name, selected: name === now }, name)));
}

function written(value) {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value ?? "");
}

function value(field, input) {
  if (field.kind === "json") return JSON.parse(input.value);
  if (field.kind === "switch" && ["false", "true"].includes(input.value)) return input.value === "true";
  return field.kind === "number" ? number(input.value) : input.value;
}

// The number that was written, or the text as it is where a browser would make it another number.
function number(text) {
  const made = Number(text);
  const isKept = text.trim() !== "" && Number.isFinite(made) && (Number.isSafeInteger(made) || !/^\s*[-+]?\d+\s*$/.test(text));
  return isKept ? made : text;
}

function json(name, label, whole, tell) {
  const empty = name === "events" ? [] : {};
  const area = el("textarea", { id: `beside-${name}`, spellcheck: false, value: JSON.stringify(whole[name] ?? empty, null, 1) });
  area.addEventListener("change", () => {
    try { whole[name] = JSON.parse(area.value); area.removeAttribute("aria-invalid"); tell(); }
    catch { area.setAttribute("aria-invalid", "true"); }
  });
  return el("div", { className: "field" }, el("label", { htmlFor: area.id }, label), area);
}
