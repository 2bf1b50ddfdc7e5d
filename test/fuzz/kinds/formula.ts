import fc from "fast-check";
import { expandLosses } from "../../../src/study/expand.ts";
import { UserError } from "../../../src/util/errors.ts";
import { zoo } from "../../../src/zoo/index.ts";
import { formula as member } from "../../../src/zoo/losses/formula.ts";
import { clear, type Kind, mutatedText } from "../fuzz.ts";

const formulas = (member.examples ?? []).map(({ expression }) => String(expression));
const WORDS = ["p", "z", "margin", "probs", "logits", "onehot", "C", "sum", "max", "log", "(", ")", "^", "**", "?", ":", "=>", "`$`", "/(a+)+$/",
  "constructor", "__proto__", "this", "globalThis", "import('fs')", "1e999", "0x10", "1n", "new", "=", ";", "...", "[", "{", "-", "a.b"]; // biome-ignore format: a list of words

export const formula: Kind<string> = {
  name: "formula",
  few: 150,
  many: 30_000,
  inputs: fc.oneof(
    { weight: 5, arbitrary: mutatedText(formulas, WORDS) },
    { weight: 1, arbitrary: fc.array(fc.constantFrom(...WORDS), { maxLength: 30 }).map((words) => words.join(" ")) },
    { weight: 1, arbitrary: fc.nat(1200).map((n) => `${"(".repeat(n)}p${")".repeat(n)}`) },
  ),
  attempt: (expression) =>
    clear(() => {
      const { problems } = expandLosses({ formula: { expression } }, zoo, 4);
      for (const { message } of problems) if (!message) throw new Error("a problem without words");
      if (problems.length > 0) throw new UserError(problems[0].message);
    }),
};
