// Starts `mailweave lsp` for the files of campaigns. Plain JavaScript: there is nothing to build.
"use strict";

const vscode = require("vscode");
const { LanguageClient, TransportKind } = require("vscode-languageclient/node");

/** The files that the server answers for: rules anywhere, settings and templates of campaigns. */
const SELECTOR = [
  { scheme: "file", language: "mailweave-rules" },
  { scheme: "file", pattern: "**/campaign.toml" },
  { scheme: "file", pattern: "**/block.toml" },
  { scheme: "file", pattern: "**/blocks/*/block*.{html,mjml,txt}" },
  { scheme: "file", pattern: "**/layout.{html,mjml}" },
  { scheme: "file", pattern: "**/snippets/*.{html,txt,liquid}" },
];

let client;

/** Called by the editor when a campaign is opened. Says what to install where the program is missing. */
async function activate() {
  const [command, ...args] = vscode.workspace.getConfiguration("mailweave").get("command");
  const server = { command, args, transport: TransportKind.stdio };
  client = new LanguageClient("mailweave", "mailweave", server, { documentSelector: SELECTOR });
  try {
    await client.start();
  } catch {
    client = undefined;
    vscode.window.showErrorMessage(
      `mailweave: \`${command}\` does not start. pip install 'mailweave[lsp]', or set mailweave.command.`,
    );
  }
}

/** Called when the editor closes. */
async function deactivate() {
  if (client !== undefined) await client.stop();
}

module.exports = { activate, deactivate };
