import fc from "fast-check";
import { checkStudy, overridden, readYaml } from "../../../src/study/parse.ts";
import { zoo } from "../../../src/zoo/index.ts";
import { clear, type Kind, mutatedText } from "../fuzz.ts";
import { studies } from "./study.ts";

const SETTINGS = [
  "loss[0].focal.gamma=2",
  "data.validation=0",
  "seeds=[1, 2]",
  "data.set=[digits, moons]",
  "loss={ focal: 1 }",
];
const WORDS = [
  "__proto__",
  "constructor",
  "length",
  "[0]",
  "[4000000000]",
  "[-1]",
  ".",
  "=",
  "[",
  "&a [*a]",
  "loss",
  "data",
  "name",
];

/** What `--set` says. */
export const setting: Kind<[string, string[]]> = {
  name: "setting",
  few: 100,
  many: 20_000,
  inputs: fc.tuple(fc.constantFrom(...studies), fc.array(mutatedText(SETTINGS, WORDS), { minLength: 1, maxLength: 3 })),
  attempt: ([text, settings]) => clear(() => checkStudy(overridden(readYaml(text, "study.yaml"), settings), [], zoo)),
};
