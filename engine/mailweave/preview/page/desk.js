// The desk: asks for one mail, shows it, and asks again when a file was saved.

import { ask, el, read, write } from "./state.js";
import { draw } from "./form.js";
import { findings, reasons } from "./why.js";

const at = (id) => document.getElementById(id);
const CHOICES = {
  view: ["views", { html: "HTML", text: "Text", amp: "AMP", raw: "Message", headers: "Headers", grid: "Grid" }],
  width: ["widths", { 375: "375", 600: "600", free: "Free" }],
  scheme: ["schemes", { light: "Light", dark: "Dark" }],
  pictures: ["pictures", { drawn: "Drawn", web: "Web", off: "Off" }],
};
let state = read(), desk = null, mail = null, asked = 0, listed = "", edited = "";

function choices() {
  for (const [name, [place, known]] of Object.entries(CHOICES)) {
    for (const [value, label] of Object.entries(known)) {
      const input = el("input", { type: "radio", name, value, checked: state[name] === value });
      input.addEventListener("change", () => { set({ [name]: value }, name === "view"); });
      at(place).append(el("label", {}, input, label));
    }
  }
}

function set(change, anew = true) {
  state = { ...state, ...change };
  write(state);
  if (anew) refresh(); else show();
}

async function update() {
  desk = await ask("state");
  document.title = `${desk.campaign || desk.folder}: mailweave preview`;
  at("campaign").textContent = desk.campaign || desk.folder;
  say();
  findings(at("findings"), desk.findings, go, (who) => set({ kind: "edited", name: "", recipient: who }));
  at("proof").hidden = !desk.proofs;
  if (desk.campaign === null) { at("shown").replaceChildren(); return; }
  if (!state.kind) first();
  people();
  await refresh();
}

function first() {
  const [kind, name] = desk.saved.length ? ["saved", desk.saved[0]]
    : desk.segments.length ? ["segment", desk.segments[0]] : ["cover", "0"];
  state = { ...state, kind, name };
}

function say() {
  const errors = desk.findings.filter((one) => one.severity === "error").length;
  const text = desk.current ? `Compiled in ${desk.seconds.toFixed(2)} s`
    : `${errors} error${errors === 1 ? "" : "s"}: ${desk.campaign === null ? "no mail yet" : "the last good mail is shown"}`;
  at("status").textContent = text;
  at("status").classList.toggle("bad", !desk.current);
}

async function people() {
  const searched = at("search").value.trim();
  if (!listed) offer(searched, []);  // what is at hand, before the list is opened
  offer(searched, desk.list ? (await ask("search", { text: searched })).keys || [] : []);
}

function offer(searched, keys) {
  const saved = desk.saved.filter((name) => name.toLowerCase().includes(searched.toLowerCase()));
  const groups = [["Saved", "saved", saved], ["In the list", "listed", keys], ["Somebody in", "segment", desk.segments]];
  const now = JSON.stringify(groups);
  if (now !== listed) at("recipients").replaceChildren(...groups.flatMap((one) => group(...one)));  // else focus stays
  listed = now;
  current();
}

function group(title, kind, names) {
  if (!names.length) return [];
  const items = names.map((name) => el("li", {}, el("button", {
    type: "button", title: name, "data-kind": kind, "data-name": name,
    onclick: () => set({ kind, name, recipient: null }),
  }, name)));
  return [el("h3", {}, title), el("ul", {}, ...items)];
}

function current() {
  for (const button of at("recipients").querySelectorAll("button"))
    button.setAttribute("aria-current", String(button.dataset.kind === state.kind && button.dataset.name === state.name));
}

async function refresh() {
  if (!desk || desk.campaign === null) return;
  const turn = ++asked;
  at("shown").classList.add("busy");
  if (state.view === "grid") { await grid(turn); return; }
  const { kind, name, recipient, arms } = state;
  const got = await ask("mail", { kind, name, recipient, arms });
  if (turn !== asked) return;  // another was asked for meanwhile
  mail = got;
  current();
  if (mail.recipient) edit();
  reasons(at("why"), mail.why, go);
  show();
  document.documentElement.dataset.number = String(mail.number);
}

function edit() {
  const recipient = state.kind === "edited" ? state.recipient : mail.recipient;
  const about = (whole) => JSON.stringify([desk.form, whole, state.arms]);
  if (about(recipient) === edited) return;  // somebody may be writing in it
  edited = about(recipient);
  draw(at("form"), desk.form, recipient, mail.now, (whole) => {
    edited = about(whole);
    set({ kind: "edited", name: "", recipient: structuredClone(whole) });
  });
  arms();
}

function arms() {
  for (const [name, known] of Object.entries(desk.form.experiments)) {
    const chosen = el("select", { id: `arm-${name}` }, ...["by hash", ...known].map((arm, number) =>
      el("option", { value: number ? arm : "", selected: (state.arms[name] || "") === (number ? arm : "") }, arm)));
    chosen.addEventListener("change", () => {
      const given = { ...state.arms };
      if (chosen.value) given[name] = chosen.value; else delete given[name];
      set({ arms: given });
    });
    at("form").append(el("div", { className: "field" }, el("label", { htmlFor: chosen.id }, `arm of ${name}`), chosen));
  }
}

function show() {
  const place = at("shown");
  place.classList.remove("busy");
  if (!mail || state.view === "grid") return;
  const rendered = mail.status === "rendered";
  at("subject").textContent = rendered ? mail.subject : mail.status === "skipped" ? "No mail" : "No mail: see below";
  at("preheader").textContent = rendered ? mail.preheader : "";
  sizes(rendered);
  if (mail.status === "skipped")
    place.replaceChildren(el("p", {}, `Skipped: ${mail.skip.code}. ${mail.skip.reason}`));
  else if (!rendered) failed(place);
  else if (state.view === "html") frame(place);
  else if (state.view === "headers") place.replaceChildren(headers());
  else place.replaceChildren(part());
}

function failed(place) {
  const box = el("div");
  findings(box, mail.findings || [], go, () => {});
  place.replaceChildren(box);
}

function sizes(rendered) {
  const kilobytes = (count) => `${(count / 1024).toFixed(1)} KB`;
  at("sizes").textContent = !rendered ? "" : `HTML ${kilobytes(mail.sizes.html)} of ${kilobytes(mail.clipped)}, text ${
    kilobytes(mail.sizes.text)}, AMP ${mail.sizes.amp ? kilobytes(mail.sizes.amp) : "none"}, message ${kilobytes(mail.sizes.raw)}`;
  at("sizes").classList.toggle("bad", rendered && mail.sizes.html > mail.clipped);
}

function part() {
  const why = { amp: desk.whole ? mail.amp_reason : "it is being made", raw: mail.raw_reason }[state.view];
  return el("pre", { tabIndex: 0 }, mail.parts[state.view] || `There is none${why ? `: ${why}` : ""}.`);
}

function headers() {
  return el("table", {}, ...mail.headers.map(([name, text]) => el("tr", {}, el("th", { scope: "row" }, name), el("td", {}, text))));
}

function address(name) { return `mail/${name}?pictures=${state.pictures}&scheme=${state.scheme}`; }

function frame(place) {
  const made = el("iframe", {
    title: `E-mail: ${mail.subject}`, sandbox: "allow-same-origin", className: state.scheme, src: address(mail.mail),
  });
  made.style.width = state.width === "free" ? "100%" : `${state.width}px`;
  made.addEventListener("load", () => {
    const inside = made.contentDocument;
    if (!inside) return;
    made.style.height = `${Math.max(600, inside.documentElement.scrollHeight)}px`;
    inside.addEventListener("click", (event) => { event.preventDefault(); clicked(inside, event.target); });
    document.documentElement.dataset.shown = mail.mail;
  });
  place.replaceChildren(made);
}

// The block around what was clicked: the last comment before it that no `end` closed.
async function clicked(inside, target) {
  const walk = inside.createTreeWalker(inside, NodeFilter.SHOW_COMMENT), open = [];
  for (let one = walk.nextNode(); one; one = walk.nextNode()) {
    if (!(one.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_FOLLOWING)) break;
    const [ours, slot, block] = one.data.split(":");
    if (ours !== "mailweave") continue;
    if (slot === "end") open.pop(); else open.push([slot, block]);
  }
  const [slot, block] = open.pop() || ["", ""];
  const found = await ask("place", { slot, block, words: (target.textContent || target.alt || "").slice(0, 500) });
  if (found.line) source(found.file, found.line);
}

function go(file, line) {
  const number = desk.files.findIndex((name) => name === file || name.endsWith(`/${file}`));
  if (number >= 0) source(number, line);
}

async function source(file, line) {
  const found = await ask("source", { file });
  if (found.text === undefined) return;
  at("source").hidden = false;
  at("source-title").textContent = `${found.name}:${line}`;
  at("lines").replaceChildren(...found.text.split("\n").map((text, number) =>
    el("span", { "data-line": number + 1, className: number + 1 === line ? "here" : "" }, text || " ")));
  at("lines").querySelector(".here")?.scrollIntoView({ block: "center" });
  at("lines").focus({ preventScroll: true });
}

async function grid(turn) {
  at("subject").textContent = "The covering set: everything that anybody can get";
  at("sizes").textContent = "";
  at("preheader").textContent = "Making up recipients; this can take a while the first time";
  const found = await ask("cover");
  if (turn !== asked) return;
  at("preheader").textContent = `${(found.recipients || []).length} made-up recipients`;
  at("shown").classList.remove("busy");
  at("shown").replaceChildren(el("div", { className: "grid" }, ...(found.recipients || []).map(tile)));
}

function tile(one) {
  const open = el("button", {
    type: "button", onclick: () => { set({ kind: "cover", name: String(one.at), view: "html", recipient: null }); choose("html"); },
  }, one.subject || one.status);
  const window = el("div", { className: "window" }, one.mail ? el("iframe", {
    title: `E-mail ${one.at + 1}: ${one.subject}`, sandbox: "allow-same-origin", loading: "lazy", tabIndex: -1,
    className: state.scheme, src: address(one.mail),
  }) : el("p", {}, one.skip ? `Skipped: ${one.skip.code}` : one.status));
  return el("div", { className: "tile" }, window, el("p", {}, open), el("p", {}, one.shows.join(", ")));
}

function choose(view) {
  for (const input of at("views").querySelectorAll("input")) input.checked = input.value === view;
}

async function follow() {
  let number = -1;
  for (;;) {
    try {
      const found = await (await fetch(`changes?after=${Math.max(0, number)}`)).json();
      if (found.number !== number) { number = found.number; await update(); }
    } catch {
      at("status").textContent = "The preview has ended; start it again";
      await new Promise((done) => setTimeout(done, 1000));
    }
  }
}

at("search").addEventListener("input", () => { if (desk && desk.campaign !== null) people(); });
at("close").addEventListener("click", () => { at("source").hidden = true; });
at("proof").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { kind, name, recipient, arms } = state;
  const all = event.submitter.value === "all";
  at("proof-sent").textContent = "Sending";
  const got = await ask("proof", { to: at("proof-to").value, all, kind, name, recipient, arms });
  at("proof-sent").textContent = got.status === "sent" ? `${got.sent} sent` : got.findings[0].message;
});
at("form").addEventListener("submit", (event) => event.preventDefault());
window.addEventListener("hashchange", () => { state = read(); refresh(); });
choices();
follow();
