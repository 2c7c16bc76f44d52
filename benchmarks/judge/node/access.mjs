// The small mail as React Email renders it.
import { pathToFileURL } from "node:url";
import { answer, load } from "./io.mjs";

const React = (await load("react")).default;
const components = await load("@react-email/components");
const { render } = await load("@react-email/render");
const { mail } = await import(pathToFileURL(process.argv[3]).href);

answer(await render(mail(React.createElement, components)));
