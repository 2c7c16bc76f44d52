// What html-to-text makes of mails: HTML in, text out.
import { answer, given, load } from "./io.mjs";

const { convert } = await load("html-to-text");

answer(given().map((html) => convert(html, { wordwrap: false })));
