// Why each block is there, and what is wrong: sentences first, the rest behind `more`; each place is a button.

import { el } from "./state.js";

// What was opened stays open, by its heading: a change of the recipient is no reason to close it.
export function reasons(place, why, go, open) {
  if (!why) { place.replaceChildren(); return; }
  const opened = new Set([...place.querySelectorAll("details[open] > summary")].map((each) => each.textContent));
  const inside = why.segments.filter((one) => one.member).map((one) => one.name);
  place.replaceChildren(
    ...(why.skip ? [skip(why.skip, go)] : []),
    el("p", {}, "In: ", inside.join(", ") || "no segment"),
    ...why.tiers.map((tier) => el("p", {}, `${tier.name} is ${tier.member ?? "unknown"}`)),
    ...why.trials.map((trial) => constant(trial, go)),
    ...why.slots.map((slot) => one(slot, go, open)),
    el("details", {}, el("summary", {}, "segments"), list(why.segments.map((each) => membership(each, go)))),
  );
  for (const each of place.querySelectorAll("details > summary")) each.parentElement.open = opened.has(each.textContent);
}

function skip(refusal, go) {
  return el("div", { className: "finding error" },
    el("p", {}, el("b", {}, `no mail: ${refusal.code} `), refusal.reason, at(refusal.place, go)),
    list(refusal.atoms.map((each) => atom(each, go))));
}

function one(slot, go, open) {
  const won = slot.contenders.filter((each) => each.status === "won");
  return el("div", { className: "why" }, el("h3", {}, slot.name),
    el("p", {}, slot.sentence, ...won.flatMap((each) => [at(each.place, go), block(slot, each, open)])),
    el("details", {}, el("summary", {}, `more on ${slot.name}`),
      list(slot.trials.map((trial) => trialled(trial, go))), list(slot.contenders.map((each) => contender(each, go)))));
}

// What a click in the mail does, for who uses no mouse.
function block(slot, each, open) {
  return el("button", { type: "button", className: "place", onclick: () => open(slot.name, each.block) }, `block ${each.block}`);
}

function contender(each, go) {
  const origin = each.kind === "row" ? each.row : each.kind, rank = each.rank === null ? "" : ` ${each.rank}`;
  return el("li", { className: each.status },
    `${each.block}, ${origin}${rank}: ${each.status === "won" ? "won" : ""}`, at(each.place, go),
    list(each.causes.map((cause) => el("li", {}, cause.message, at(cause.place, go), list(cause.atoms.map((a) => atom(a, go)))))));
}

function trialled(trial, go) {
  const arm = trial.exposure === "exposed" ? `arm ${trial.arm}` : trial.exposure.replace("_", " ");
  return el("li", {}, `experiment ${trial.experiment} on ${trial.block}: ${arm}`, at(trial.place, go));
}

function constant(trial, go) {
  const arm = trial.exposure === "exposed" ? `arm ${trial.arm}` : trial.exposure.replace("_", " ");
  return el("p", {}, `experiment ${trial.experiment}: ${arm}, so ${trial.constant} is ${trial.value}`, at(trial.place, go));
}

function membership(each, go) {
  return el("li", { className: each.member ? "won" : "lost" }, `${each.member ? "in" : "not in"} ${each.name}`,
    at(each.place, go), list(each.atoms.map((a) => atom(a, go))));
}

function atom(each, go) {
  const read = each.readings.map((r) => `${r.name} is ${r.value ?? "missing"}`).join(", ");
  const truth = each.result === null ? "unknown" : String(each.result);
  return el("li", {}, `${each.text}: ${truth}${read ? ` (${read})` : ""}`, at(each.place, go));
}

function list(items) { return items.length ? el("ul", {}, ...items) : null; }

export function at(place, go) {
  if (!place) return null;
  const name = `${place.file.split("/").pop()}:${place.line}`;
  return el("button", { type: "button", className: "place", onclick: () => go(place.file, place.line) }, name);
}

export function findings(place, found, go, show, none = "None.") {
  const said = found.map((each) => finding(each, go, show));
  place.replaceChildren(...(said.length || !none ? said : [el("p", {}, none)]));
}

function finding(each, go, show) {
  return el("div", { className: `finding ${each.severity}` },
    el("p", {}, el("b", {}, `${each.severity} ${each.code} `), each.message),
    each.line ? el("p", {}, at({ file: each.file, line: each.line }, go)) : each.place ? el("p", {}, each.place) : null,
    each.text ? el("pre", {}, each.text.trim()) : null,
    each.help ? el("p", {}, each.help) : null,
    each.witness ? el("button", { type: "button", onclick: () => show(each.witness) }, "Show who") : null);
}
