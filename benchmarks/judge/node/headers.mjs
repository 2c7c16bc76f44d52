// Messages of nodemailer: texts in, base64 out.
import { answer, given, require } from "./io.mjs";

const nodemailer = require("nodemailer");
const transport = nodemailer.createTransport({ streamTransport: true, buffer: true });

const made = [];
for (const text of given()) {
  const sent = await transport.sendMail({
    from: { name: text, address: "news@example.com" },
    to: { name: text, address: "ann@example.com" },
    subject: text,
    text: "Hello",
    html: "<p>Hello</p>",
  });
  made.push(sent.message.toString("base64"));
}
answer(made);
