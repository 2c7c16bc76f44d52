// Reads {"grammars": {scope: path}, "inject": [[host, scope]], "scope": "..", "lines": [..]} from standard input;
// writes, for each line, its tokens as [text, scopes]. By the engine that VS Code colours with.
"use strict";
const fs = require("fs");
const path = require("path");
const modules = process.argv[2];
const textmate = require(path.join(modules, "vscode-textmate"));
const oniguruma = require(path.join(modules, "vscode-oniguruma"));

async function main() {
  const asked = JSON.parse(fs.readFileSync(0, "utf8"));
  const wasm = fs.readFileSync(path.join(modules, "vscode-oniguruma/release/onig.wasm"));
  await oniguruma.loadWASM(wasm);
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async (scope) => {
      const file = asked.grammars[scope];
      if (!file) return { scopeName: scope, patterns: [] };
      return textmate.parseRawGrammar(fs.readFileSync(file, "utf8"), file);
    },
    getInjections: (scope) => asked.inject.filter(([host]) => host === scope).map(([, injected]) => injected),
  });
  const grammar = await registry.loadGrammar(asked.scope);
  let state = textmate.INITIAL;
  const told = asked.lines.map((line) => {
    const result = grammar.tokenizeLine(line, state);
    state = result.ruleStack;
    return result.tokens.map((one) => [line.slice(one.startIndex, one.endIndex), one.scopes]);
  });
  process.stdout.write(JSON.stringify(told));
}

main();
