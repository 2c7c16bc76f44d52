// Mails in frames in which nothing runs: one to read and to click, or many small ones.

import { el } from "./state.js";

function address(name, state) { return `mail/${name}?pictures=${state.pictures}&scheme=${state.scheme}`; }

// The mail that is shown; `go` is told the file and the line where what is clicked was written.
export function frame(mail, state, go) {
  const made = el("iframe", {
    title: `E-mail: ${mail.subject}`, sandbox: "allow-same-origin", className: state.scheme, src: address(mail.mail, state),
  });
  made.style.width = state.width === "free" ? "100%" : `${state.width}px`;
  made.addEventListener("load", () => {
    const inside = made.contentDocument;
    if (!inside) return;
    made.style.height = `${Math.max(600, inside.documentElement.scrollHeight)}px`;
    inside.addEventListener("click", (event) => { event.preventDefault(); clicked(inside, event, mail.mark, go); });
    document.documentElement.dataset.shown = mail.mail;
  });
  return made;
}

// The last mark before what was clicked. A mark begins with a word that no data can know.
function clicked(inside, event, word, go) {
  const target = pointed(inside, event), walk = inside.createTreeWalker(inside, NodeFilter.SHOW_COMMENT);
  let found = null;
  for (let one = walk.nextNode(); one; one = walk.nextNode()) {
    const [ours, file, line] = one.data.split(":");
    if (ours !== word) continue;
    if (found && !(one.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_FOLLOWING)) break;
    found = { file, line: Number(line) };  // the first one, where nothing stands before
  }
  if (found) go(found.file, found.line);
}

// The text under the pointer, else the element: between the texts of an element lies the element itself.
function pointed(inside, event) {
  const { clientX: x, clientY: y } = event;
  for (const text of event.target.childNodes) {
    if (text.nodeType !== Node.TEXT_NODE) continue;
    const range = inside.createRange();
    range.selectNodeContents(text);
    for (const box of range.getClientRects())
      if (box.left <= x && x <= box.right && box.top <= y && y <= box.bottom) return text;
  }
  return event.target;
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
