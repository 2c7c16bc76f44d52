// What is shown, as it stands in the address: a link or a reload shows the same.

const DEFAULTS = { kind: "", name: "", view: "html", width: "600", scheme: "light", pictures: "drawn" };

export function read() {
  const given = new URLSearchParams(location.hash.slice(1));
  const state = { ...DEFAULTS, arms: {}, recipient: null };
  for (const name of Object.keys(DEFAULTS)) if (given.has(name)) state[name] = given.get(name);
  for (const name of ["arms", "recipient"]) {
    try { if (given.has(name)) state[name] = JSON.parse(given.get(name)); } catch { /* a broken link shows the rest */ }
  }
  return state;
}

export function write(state) {
  const given = new URLSearchParams();
  for (const name of Object.keys(DEFAULTS))
    if (state[name] && state[name] !== DEFAULTS[name]) given.set(name, state[name]);
  if (Object.keys(state.arms || {}).length) given.set("arms", JSON.stringify(state.arms));
  if (state.kind === "edited") given.set("recipient", JSON.stringify(state.recipient));
  history.replaceState(null, "", "#" + given);
}

export async function ask(door, asked = {}) {
  const answer = await fetch(door, {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(asked),
  });
  return answer.json();
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
