// Activates the extension with stand-ins for `vscode` and `vscode-languageclient`; writes what it asked of them.
"use strict";
const Module = require("module");
const told = { started: null, stopped: false, messages: [] };
const fails = process.argv[3] === "fails";
const stands = {
  vscode: {
    workspace: { getConfiguration: (name) => ({ get: (key) => told.asked.push(`${name}.${key}`) && ["mailweave", "lsp"] }) },
    window: { showErrorMessage: (message) => told.messages.push(message) },
  },
  "vscode-languageclient/node": {
    TransportKind: { stdio: 0 },
    LanguageClient: class {
      constructor(id, name, server, client) {
        told.started = { id, server, client };
      }
      async start() {
        if (fails) throw new Error("spawn mailweave ENOENT");
      }
      async stop() {
        told.stopped = true;
      }
    },
  },
};
told.asked = [];
const load = Module._load;
Module._load = (name, ...more) => stands[name] ?? load(name, ...more);

(async () => {
  const extension = require(process.argv[2]);
  await extension.activate();
  await extension.deactivate();
  process.stdout.write(JSON.stringify(told));
})();
