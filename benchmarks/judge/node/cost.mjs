// Microseconds of CPU and bytes of the newsletter in LiquidJS, or in React Email's components.
import { answer, given, load, require } from "./io.mjs";

const { shared, recipients, template, perRound, checked } = given();
const WARM = 3;
const amounts = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const money = (cents) => (cents == null ? "" : "$" + amounts.format(cents / 100));

function liquidjs() {
  const { Liquid } = require("liquidjs");
  const engine = new Liquid({ outputEscape: "escape" });
  engine.registerFilter("money", money);
  const parsed = engine.parse(template.replaceAll(" | escape }}", " }}")); // what is put out is escaped anyway
  return (data) => engine.renderSync(parsed, data);
}

async function reactEmail() {
  const React = (await load("react")).default;
  const components = await load("@react-email/components");
  const { render } = await load("@react-email/render");
  const { newsletter } = await import(new URL("../mails/newsletter.mjs", import.meta.url).href);
  const Newsletter = newsletter(React.createElement, components, money);
  return (data) => render(React.createElement(Newsletter, data));
}

const render = process.argv[3] === "React Email" ? await reactEmail() : liquidjs();
const people = recipients.map((one) => ({ ...shared, ...one }));
const html = [];
for (const one of people.slice(0, checked)) html.push(await render(one));
const times = [];
for (let at = checked; at + perRound <= people.length; at += perRound) {
  const began = process.cpuUsage();
  for (const one of people.slice(at, at + perRound)) await render(one);
  const spent = process.cpuUsage(began);
  times.push((spent.user + spent.system) / perRound);
}
const middle = (numbers) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
let bytes = 0;
const last = people.slice(-perRound);
for (const one of last) bytes += Buffer.byteLength(await render(one));
answer({ us: middle(times.slice(WARM)), bytes: bytes / last.length, html });
