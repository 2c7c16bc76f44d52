// What LiquidJS makes of cases: {template, data, partials} in, ["text", it] or ["error", its words] out.
import { answer, given, require } from "./io.mjs";

const { Liquid } = require("liquidjs");

answer(
  given().map(({ template, data = {}, partials = {} }) => {
    try {
      const engine = new Liquid({ templates: partials, renderLimit: 2000, memoryLimit: 1e8 });
      return ["text", engine.parseAndRenderSync(template, data)];
    } catch (error) {
      return ["error", String(error.message)];
    }
  }),
);
