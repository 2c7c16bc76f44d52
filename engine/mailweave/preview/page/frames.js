// Mails in frames in which nothing runs: one to read and to click, or many small ones.

import { el } from "./state.js";

function address(name, state) { return `mail/${name}?pictures=${state.pictures}&scheme=${state.scheme}`; }

// The mail that is shown; `lead` is told the slot, the block and the words of what is clicked.
export function frame(mail, state, lead) {
  const made = el("iframe", {
    title: `E-mail: ${mail.subject}`, sandbox: "allow-same-origin", className: state.scheme, src: address(mail.mail, state),
  });
  made.style.width = state.width === "free" ? "100%" : `${state.width}px`;
  made.addEventListener("load", () => {
    const inside = made.contentDocument;
    if (!inside) return;
    made.style.height = `${Math.max(600, inside.documentElement.scrollHeight)}px`;
    inside.addEventListener("click", (event) => { event.preventDefault(); clicked(inside, event.target, lead); });
    document.documentElement.dataset.shown = mail.mail;
  });
  return made;
}

// The block around what was clicked: the last comment before it that no `end` closed.
function clicked(inside, target, lead) {
  const walk = inside.createTreeWalker(inside, NodeFilter.SHOW_COMMENT), open = [];
  for (let one = walk.nextNode(); one; one = walk.nextNode()) {
    if (!(one.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_FOLLOWING)) break;
    const [ours, slot, block] = one.data.split(":");
    if (ours !== "mailweave") continue;
    if (slot === "end") open.pop(); else open.push([slot, block]);
  }
  const [slot, block] = open.pop() || ["", ""];
  lead(slot, block, (target.textContent || target.alt || "").slice(0, 500));
}

// One of the covering set. The keyboard goes by the mail, to the button that opens it.
export function tile(one, state, open) {
  const window = el("div", { className: "window" }, one.mail ? el("iframe", {
    title: `E-mail ${one.at + 1}: ${one.subject}`, sandbox: "allow-same-origin", loading: "lazy", inert: true,
    className: state.scheme, src: address(one.mail, state),
  }) : el("p", {}, one.skip ? `Skipped: ${one.skip.code}` : one.status));
  const button = el("button", { type: "button", onclick: () => open(one.at) }, one.subject || one.status);
  return el("div", { className: "tile" }, window, el("p", {}, button), el("p", {}, one.shows.join(", ")));
}
