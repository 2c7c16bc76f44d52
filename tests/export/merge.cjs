// Merges templates with lines of values, as JSON: node merge.cjs NODE_MODULES handlebars|mustache|ses
const [modules, engine] = process.argv.slice(2);
const { templates, lines } = JSON.parse(require("fs").readFileSync(0, "utf8"));
const library = require(`${modules}/${engine === "mustache" ? "mustache" : "handlebars"}`);

function compiled(text) {
  if (engine === "mustache") return (values) => library.render(text, values);
  // strict: a value that is not given is an error, and no empty text
  return library.compile(text, { strict: true, noEscape: engine === "ses" });
}

const ready = {};
for (const [name, parts] of Object.entries(templates)) {
  ready[name] = Object.entries(parts).map(([part, text]) => [part, compiled(text)]);
}
const made = lines.map(({ template, values }) =>
  Object.fromEntries(ready[template].map(([part, merge]) => [part, merge(values)])),
);
process.stdout.write(JSON.stringify(made));
