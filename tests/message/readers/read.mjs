// What two mail programs' parsers read of messages: JSON lines in (base64), JSON lines out.
// Usage: node read.mjs NODE_MODULES < messages
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import path from "node:path";

const require = createRequire(path.resolve(process.argv[2], "x.js"));
const { simpleParser } = require("mailparser");
const libmime = require("libmime"); // mailparser decodes with it, and leaves headers that it does not know
const PostalMime = require("postal-mime");
const Parser = PostalMime.default ?? PostalMime;
const { decodeWords } = PostalMime;

const mailbox = (one) => (one ? [one.name ?? "", one.address ?? ""] : null);
const unfolded = (line) => line.replace(/\r?\n(?=[ \t])/g, "");

async function byMailparser(bytes) {
  const mail = await simpleParser(bytes, { skipHtmlToText: true, skipTextToHtml: true, skipTextLinks: true });
  return {
    names: mail.headerLines.map((line) => line.key),
    subject: mail.subject ?? "",
    from: (mail.from?.value ?? []).map(mailbox),
    to: (mail.to?.value ?? []).map(mailbox),
    reply: (mail.replyTo?.value ?? []).map(mailbox),
    link: unfolded(mail.headerLines.find((one) => one.key === "list-unsubscribe")?.line ?? ""),
    text: mail.text ?? "",
    html: mail.html || "",
    own: own(mail.headerLines.map((line) => [line.key, libmime.decodeWords(mail.headers.get(line.key))])),
    files: mail.attachments.map((one) => file(one.filename, one.contentType, one.cid, one.content)),
  };
}

// headers of a campaign's own
function own(headers) {
  return Object.fromEntries(headers.filter(([key]) => key.startsWith("x-")));
}

function file(name, type, id, content) {
  return [name ?? "", type, (id ?? "").replace(/^<|>$/g, ""), Buffer.from(content).toString("base64")];
}

async function byPostalMime(bytes) {
  const mail = await new Parser().parse(bytes);
  return {
    names: mail.headers.map((one) => one.key),
    subject: mail.subject ?? "",
    from: [mailbox(mail.from)],
    to: (mail.to ?? []).map(mailbox),
    reply: (mail.replyTo ?? []).map(mailbox),
    link: "List-Unsubscribe: " + (mail.headers.find((one) => one.key === "list-unsubscribe")?.value ?? ""),
    text: mail.text ?? "",
    html: mail.html ?? "",
    own: own(mail.headers.map((one) => [one.key, decodeWords(one.value)])),
    files: mail.attachments.map((one) => file(one.filename, one.mimeType, one.contentId, one.content)),
  };
}

function url(link) {
  try {
    const one = new URL(/<(.*)>/.exec(link)[1]);
    return { host: one.host, path: one.pathname, query: one.search, fragment: one.hash };
  } catch {
    return null;
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const bytes = Buffer.from(line, "base64");
  const mailparser = await byMailparser(bytes);
  const found = { mailparser, "postal-mime": await byPostalMime(bytes), url: url(mailparser.link) };
  console.log(JSON.stringify(found));
}
