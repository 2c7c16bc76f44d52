// The desk: asks for one mail, shows it, and asks again when a file was saved.

import { CHOICES, ask, el, read, write } from "./state.js";
import { draw } from "./form.js";
import { frame, tile } from "./frames.js";
import { findings, reasons } from "./why.js";

const at = (id) => document.getElementById(id);
let state = read(), desk = null, mail = null, cover = null, asked = 0, searches = 0, listed = "", edited = "", reasoned = "", opener = null, typing = 0;

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
  const about = desk && state.kind && state.view !== "grid" ? JSON.stringify(question()) : "";
  const early = about && ask("mail", question());  // both at once: after a save it is mostly the same recipient
  const told = await ask("state");
  if (told.status === "failed") throw new Error("no state");
  desk = told;
  document.title = `${desk.campaign || desk.folder}: mailweave preview`;
  at("campaign").textContent = desk.campaign || desk.folder;
  say();
  if (desk.campaign !== null) {
    if (!state.kind) first();
    locales();
  }
  const shown = refresh(about, early);  // the mail before all else: it is waited for
  findings(at("findings"), desk.findings, go, (who) => choose({ kind: "edited", name: "", recipient: who }));
  at("proof").hidden = !desk.proofs;
  if (desk.campaign === null) { at("shown").replaceChildren(); return; }
  people();
  await shown;
}

function question() {
  const { kind, name, recipient, arms, locale } = state;
  return { kind, name, recipient, arms, locale };
}

function first() {
  const [kind, name] = desk.saved.length ? ["saved", desk.saved[0]]
    : desk.segments.length ? ["segment", desk.segments[0]] : ["cover", "0"];
  state = { ...state, kind, name };
}

// Somebody else: who looks at the grid is shown their mail.
function choose(who) {
  if (state.view === "grid") at("shown").focus();  // what was chosen there goes away
  set({ recipient: null, ...who, view: state.view === "grid" ? "html" : state.view });
  marks();
}

function marks() {
  for (const [name, [place]] of Object.entries(CHOICES))
    for (const input of at(place).querySelectorAll("input")) input.checked = input.value === state[name];
  if (desk && desk.campaign !== null) locales();
}

// In which locale: the recipient's own, or one for whoever it is. A broken link has none that the campaign lacks.
function locales() {
  const known = ["", ...desk.locales];
  if (!known.includes(state.locale)) state.locale = "";
  if ([...at("locale").options].map((one) => one.value).join() !== known.join())  // else focus stays
    at("locale").replaceChildren(...known.map((one) => el("option", { value: one }, one || "The recipient's")));
  at("locale").value = state.locale;
}

function say() {
  const errors = desk.findings.filter((one) => one.severity === "error").length;
  const text = desk.current ? `Compiled in ${desk.seconds.toFixed(2)} s`
    : `${errors} error${errors === 1 ? "" : "s"}: ${desk.campaign === null ? "no mail yet" : "the last good mail is shown"}`;
  at("status").textContent = text;
  at("status").classList.toggle("bad", !desk.current);
}

async function people() {
  const turn = ++searches, searched = at("search").value.trim();
  if (!listed) offer(searched, []);  // what is at hand, before the list is opened
  const found = desk.list ? await ask("search", { text: searched }) : {};
  if (turn !== searches) return;  // another text was written meanwhile
  offer(searched, found.keys || []);
  findings(at("list-findings"), found.findings || [], go, () => {}, "");
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
    onclick: () => choose({ kind, name }),
  }, name)));
  return [el("h3", {}, title), el("ul", {}, ...items)];
}

function current() {
  for (const button of at("recipients").querySelectorAll("button"))
    button.setAttribute("aria-current", String(button.dataset.kind === state.kind && button.dataset.name === state.name));
}

async function refresh(about = "", early = null) {
  if (!desk || desk.campaign === null) return;
  const turn = ++asked;
  at("shown").classList.add("busy");
  if (state.view === "grid") { await grid(turn); return; }
  state.arms = Object.fromEntries(Object.entries(state.arms).filter(([experiment, arm]) =>  // the rest went with a save
    Object.hasOwn(desk.form.experiments, experiment) && desk.form.experiments[experiment].includes(arm)));
  const got = await (early && about === JSON.stringify(question()) ? early : ask("mail", question()));
  if (turn !== asked) return;  // another was asked for meanwhile
  mail = got;
  show();
  current();
  if (mail.recipient) edit();
  const told = JSON.stringify(mail.why);
  if (told !== reasoned) reasons(at("why"), mail.why, go, lead);
  reasoned = told;
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
  if (state.view === "grid") { tiles(); return; }
  if (!mail) return;
  const rendered = mail.status === "rendered";
  at("subject").textContent = rendered ? mail.subject : mail.status === "skipped" ? "No mail" : "No mail: see below";
  at("preheader").textContent = rendered ? mail.preheader : "";
  sizes(rendered);
  if (mail.status === "skipped")
    place.replaceChildren(el("p", {}, `Skipped: ${mail.skip.code}. ${mail.skip.reason}`));
  else if (!rendered) failed(place, mail.findings);
  else if (state.view === "html") place.replaceChildren(frame(mail, state, source));
  else if (state.view === "headers") place.replaceChildren(headers());
  else place.replaceChildren(part());
}

function failed(place, found) {
  const box = el("div");
  findings(box, found || [], go, () => {});
  place.replaceChildren(box);
}

function sizes(rendered) {
  const kilobytes = (count) => `${(count / 1024).toFixed(1)} KB`;
  at("sizes").textContent = !rendered ? "" : `HTML ${kilobytes(mail.sizes.html)} of ${kilobytes(mail.clipped)}, text ${
    kilobytes(mail.sizes.text)}, AMP ${mail.sizes.amp ? kilobytes(mail.sizes.amp) : "none"}, message ${kilobytes(mail.sizes.raw)}`;
  at("sizes").classList.toggle("bad", rendered && mail.sizes.html > mail.clipped);
}

function part() {
  const why = desk.whole ? { amp: mail.amp_reason, raw: mail.raw_reason }[state.view] : "it is being made";
  return el("pre", { tabIndex: 0 }, mail.parts[state.view] || `There is none${why ? `: ${why}` : ""}.`);
}

function headers() {
  return el("table", {}, ...mail.headers.map(([name, text]) => el("tr", {}, el("th", { scope: "row" }, name), el("td", {}, text))));
}

async function lead(slot, name) {
  const found = await ask("place", { slot, block: name });
  if (found.line) source(found.file, found.line);
}

function go(file, line) {
  const known = Object.entries(desk.files);
  const [id] = known.find(([, name]) => name === file) || known.find(([, name]) => name.endsWith(`/${file}`)) || [];
  if (id) source(id, line);
}

async function source(file, line) {
  const found = await ask("source", { file });
  if (at("source").hidden) opener = document.activeElement;
  at("source").hidden = false;
  if (found.text === undefined) { gone(found.findings || []); return; }
  at("source-title").textContent = `${found.name}:${line}`;
  at("lines").replaceChildren(...found.text.split("\n").map((text, number) =>
    el("span", { "data-line": number + 1, className: number + 1 === line ? "here" : "" }, text || " ")));
  at("lines").querySelector(".here")?.scrollIntoView({ block: "center" });
  at("lines").focus({ preventScroll: true });
}

function gone(found) {
  at("source-title").textContent = "No source";
  at("lines").textContent = found.map((one) => `${one.place}: ${one.message}`).join("\n");
  at("lines").focus({ preventScroll: true });
}

async function grid(turn) {
  at("subject").textContent = "The covering set: everything that anybody can get";
  at("sizes").textContent = "";
  at("preheader").textContent = "Making up recipients; this can take a while the first time";
  const found = await ask("cover", { locale: state.locale });
  if (turn !== asked) return;
  cover = found;
  at("preheader").textContent = found.recipients ? `${found.recipients.length} made-up recipients` : "";
  show();
}

function tiles() {
  if (!cover) return;
  const open = (number) => choose({ kind: "cover", name: String(number) });
  if (cover.recipients) at("shown").replaceChildren(el("div", { className: "grid" }, ...cover.recipients.map((one) => tile(one, state, open))));
  else failed(at("shown"), cover.findings);
}

async function follow() {
  for (let number = -1; ;) {
    try {
      const found = await (await fetch(`changes?after=${Math.max(0, number)}`)).json();
      if (found.number !== number) { await update(); number = found.number; }
    } catch {
      number = -1;  // what comes next is new
      at("status").textContent = "The preview does not answer; if it has ended, start it again";
      at("status").classList.add("bad");
      await new Promise((done) => setTimeout(done, 1000));
    }
  }
}

at("search").addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(() => { if (desk && desk.campaign !== null) people(); }, 150);  // a list is read whole at each search
});
at("close").addEventListener("click", () => {
  at("source").hidden = true;
  (opener?.isConnected ? opener : at("why").querySelector("button") || at("search")).focus();
});
at("proof").addEventListener("submit", async (event) => {
  event.preventDefault();
  const all = event.submitter.value === "all";
  at("proof-sent").textContent = "Sending";
  const got = await ask("proof", { to: at("proof-to").value, all, ...question() });
  at("proof-sent").textContent = got.status === "sent" ? `${got.sent} sent` : (got.findings || [])[0]?.message || "not sent";
});
at("form").addEventListener("submit", (event) => event.preventDefault());
window.addEventListener("hashchange", () => {
  state = read();
  marks();
  if (desk && desk.campaign !== null && !state.kind) first();
  refresh();
});
at("locale").addEventListener("change", () => set({ locale: at("locale").value }));
choices();
follow();
