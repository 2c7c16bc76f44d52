// What ical.js reads of calendar files: JSON lines in (base64), JSON lines out. Instants are seconds since 1970.
// Usage: node read_calendar.mjs NODE_MODULES < files
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import path from "node:path";

const require = createRequire(path.resolve(process.argv[2], "x.js"));
const ICAL = require("ical.js").default ?? require("ical.js");

const person = (property) => (property ? [property.getParameter("cn") ?? "", property.getFirstValue()] : null);
const when = (time) => (time.isDate ? time.toString() : time.toUnixTime());

function alarm(one, start) {
  const at = start.clone();
  at.addDuration(one.getFirstPropertyValue("trigger"));
  return [one.getFirstPropertyValue("action"), when(at)];
}

for await (const line of createInterface({ input: process.stdin })) {
  const calendar = new ICAL.Component(ICAL.parse(Buffer.from(line, "base64").toString("utf8")));
  const component = calendar.getFirstSubcomponent("vevent");
  const event = new ICAL.Event(component);
  const found = {
    method: calendar.getFirstPropertyValue("method"),
    uid: event.uid,
    stamp: when(component.getFirstPropertyValue("dtstamp")),
    start: when(event.startDate),
    end: when(event.endDate),
    zone: String(event.startDate.zone),
    summary: event.summary,
    location: event.location ?? "",
    description: event.description ?? "",
    url: component.getFirstPropertyValue("url") ?? "",
    organizer: person(component.getFirstProperty("organizer")),
    asked: person(component.getFirstProperty("attendee")),
    alarms: component.getAllSubcomponents("valarm").map((one) => alarm(one, event.startDate)),
  };
  console.log(JSON.stringify(found));
}
