// What MJML makes of a mail.
import { answer, given, require } from "./io.mjs";

const mjml = require("mjml");

answer((await mjml(given())).html);
