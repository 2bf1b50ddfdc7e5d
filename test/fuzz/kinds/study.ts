import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { namesIn, presetFolder } from "../../../src/lab/study.ts";
import { checkStudy, readYaml } from "../../../src/study/parse.ts";
import { type DataFacts, plan } from "../../../src/study/plan.ts";
import { zoo } from "../../../src/zoo/index.ts";
import { clear, type Kind, mutatedText } from "../fuzz.ts";

const presets = namesIn(presetFolder()).map((name) => readFileSync(join(presetFolder(), `${name}.yaml`), "utf8"));
export const studies = [
  ...presets,
  "name: a\nloss: [ce, { focal: { gamma: [0, 2] } }, { formula: -log(p) }, { sum: [ce, { weight: 0.5, loss: mae }] }]\n",
  "name: b\ndata: { set: [digits, moons], validation: 0.2, labelNoise: [none, { symmetric: 0.4 }], imbalance: { longTail: 10 } }\n",
  "name: c\nmodel: { layers: [{ conv2d: { filters: 4 } }, { maxPool: 2 }, flatten, { dense: 10 }] }\naugment: { all: [flip, { crop: 2 }] }\n",
  "name: d\nloss: ce\ntune: { optimizer.learningRate: logUniform(1e-4, 1), trials: 4 }\noptimizer: [adam, sgd]\nseeds: [1, 5]\n",
  "name: e\nloss: [ce, mae]\nuntil: { decided: { maxSeeds: 9 } }\nclaims: [{ id: A, claim: CE wins., test: accuracy(ce) > accuracy(mae) }]\n",
];

const WORDS = [
  "__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "null", "true", "~", "[]", "{}", "-1", "0", "1e308",
  ".nan", ".inf", "9007199254740993", "&a", "*a", "<<", "!!binary", "!!set", "!!js/function", "? ", "- ", "|", ">", "%YAML 1.1",
  "name", "data", "set", "loss", "focal", "gamma", "formula", "model", "layers", "mlp", "hidden", "resnet", "optimizer", "tune",
  "until", "claims", "seeds", "epochs", "measure", "observe", "augment", "../x.csv", "digits", "cifar10", "ce",
]; // biome-ignore format: a list of words

/** Values as YAML can hold them, with names that studies know. */
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom<unknown>(...WORDS, null, true, 0, -1, 1e300, Number.NaN, 3, 0.5),
    fc.string({ maxLength: 5 }),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...WORDS), tie("value"), { maxKeys: 3 }),
  ),
}));

const facts: DataFacts = { name: "digits", version: "v", shape: [1, 12, 12], pixels: "uint8", classes: 10, trainCount: 500, testCount: 100 }; // biome-ignore format: one line
/** More are read, but not planned: that is for another test. */
const MOST_PLANNED = 60;

export const study: Kind<string> = {
  name: "study",
  few: 150,
  many: 50_000,
  inputs: fc.oneof(
    { weight: 6, arbitrary: mutatedText(studies, WORDS) },
    {
      weight: 2,
      arbitrary: fc.dictionary(fc.constantFrom(...WORDS), value).map((said) => JSON.stringify({ name: "x", ...said })),
    },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 200 }) },
  ),
  attempt: (text) =>
    clear(() => {
      const checked = checkStudy(readYaml(text, "study.yaml"), [], zoo);
      const { data, entries, epochs, batchSize, seeds } = checked;
      const count = [data, ...Object.values(entries), epochs, batchSize, seeds].reduce((n, list) => n * list.length, 1);
      if (count <= MOST_PLANNED) plan(checked, () => facts, zoo);
    }),
};
