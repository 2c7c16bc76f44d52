// What is shown, as it stands in the address: a link or a reload shows the same.

export const CHOICES = {
  view: ["views", { html: "HTML", text: "Text", amp: "AMP", raw: "Message", headers: "Headers", grid: "Grid" }],
  width: ["widths", { 375: "375", 600: "600", free: "Free" }],
  scheme: ["schemes", { light: "Light", dark: "Dark" }],
  pictures: ["pictures", { drawn: "Drawn", web: "Web", off: "Off" }],
};
const DEFAULTS = { kind: "", name: "", view: "html", width: "600", scheme: "light", pictures: "drawn", locale: "" };
const KINDS = ["saved", "listed", "segment", "cover", "edited"];

// Whoever writes an address can write anything: what is no choice of the desk is as if it were not there.
export function read() {
  const given = new URLSearchParams(location.hash.slice(1));
  const state = { ...DEFAULTS, arms: {}, recipient: null };
  for (const name of Object.keys(DEFAULTS)) if (given.has(name)) state[name] = given.get(name);
  for (const [name, [, known]] of Object.entries(CHOICES))
    if (!Object.hasOwn(known, state[name])) state[name] = DEFAULTS[name];
  for (const name of ["arms", "recipient"]) {
    try { if (given.has(name)) state[name] = object(JSON.parse(given.get(name))); } catch { /* a broken link shows the rest */ }
  }
  for (const [name, arm] of Object.entries(state.arms)) if (typeof arm !== "string") delete state.arms[name];
  if (!KINDS.includes(state.kind) || (state.kind === "edited" && !state.recipient)) state.kind = state.name = "";
  return state;
}

function object(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new TypeError("no object");
  return value;
}

export function write(state) {
  const given = new URLSearchParams();
  for (const name of Object.keys(DEFAULTS))
    if (state[name] && state[name] !== DEFAULTS[name]) given.set(name, state[name]);
  if (Object.keys(state.arms || {}).length) given.set("arms", JSON.stringify(state.arms));
  if (state.kind === "edited") given.set("recipient", JSON.stringify(state.recipient));
  history.replaceState(null, "", "#" + given);
}

// What a door answers. Where there is no answer, or none that can be read, that is a finding as well.
export async function ask(door, asked = {}) {
  try {
    const answer = await fetch(door, {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(asked),
    });
    return await answer.json();
  } catch {
    return { status: "failed", findings: [finding("The preview gave no answer. It may have ended, or what was sent is too large.")] };
  }
}

function finding(message) {
  return { severity: "error", code: "", message, help: "", place: "", file: "", line: 0, text: "", witness: null };
}

// An element with attributes, listeners and children. Texts become text nodes: nothing that comes from data is markup.
export function el(tag, given = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name in made && name !== "list") made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}
