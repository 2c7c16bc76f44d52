// Verifies DKIM signatures with npm's mailauth: messages as JSON texts of base64 on standard input, with the DNS records;
// out come the results of their signatures.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(`${process.argv[2]}/`);
const { dkimVerify } = require("mailauth/lib/dkim/verify");
const { messages, records } = JSON.parse(readFileSync(0, "utf8"));
const resolver = async (name) => {
  const selector = name.split(".")[0];
  if (!(selector in records)) throw Object.assign(new Error("no record"), { code: "ENOTFOUND" });
  return [[records[selector]]];
};
const found = [];
for (const message of messages) {
  const { results } = await dkimVerify(Buffer.from(message, "base64"), { resolver });
  found.push(results.map((one) => [one.status.result, one.signingDomain, one.signingHeaders?.keys ?? ""]));
}
console.log(JSON.stringify(found));
