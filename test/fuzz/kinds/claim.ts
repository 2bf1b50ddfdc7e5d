import fc from "fast-check";
import { readClaims } from "../../../src/claims/claim.ts";
import { parseSelection } from "../../../src/claims/grammar.ts";
import { clear, type Kind, mutatedText } from "../fuzz.ts";

const TESTS = [
  "accuracy(focal(0.5)) > accuracy(ce) > accuracy(focal(2)) and train.loss(sgd(0.01), batchSize=10) < 0.1",
  "train.accuracy@5(model=mlp(hidden=[8, 8])) - 1 points >= 3 %",
  "bestEpoch(ce, labelNoise=none) <= 5 epochs",
];
const WORDS = [
  "constructor",
  "__proto__",
  "toString",
  "(",
  ")",
  "[",
  "]",
  ",",
  "@",
  "and",
  "=",
  "≈",
  "accuracy",
  "test.loss",
  "-1e999",
  "%",
];

export const claim: Kind<string> = {
  name: "claim",
  few: 150,
  many: 30_000,
  inputs: fc.oneof(
    mutatedText(TESTS, WORDS),
    fc.nat(1500).map((n) => `accuracy(${"[".repeat(n)}1`),
  ),
  attempt: async (text) => {
    await clear(() => readClaims([{ id: "A", claim: "It holds.", test: text }]));
    await clear(() => parseSelection(text));
  },
};
