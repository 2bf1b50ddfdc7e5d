import { expect, it } from "vitest";
import { zoo } from "../zoo/index.ts";
import { checkStudy, readYaml } from "./parse.ts";
import { plan } from "./plan.ts";

const facts = { name: "digits", version: "1", shape: [1, 28, 28], classes: 10, trainCount: 900, testCount: 100 };
const study = (claims: string) => readYaml(`name: s\nloss: [ce, { focal: [0.5, 2] }]\nclaims:\n${claims}`, "s.yaml");
const check = (claims: string) => checkStudy(study(claims), [], zoo);
const planned = (claims: string) => plan(check(claims), () => facts as never, zoo);

it("reads the claims of a study, which change none of its trials", () => {
  const claims = '  - { id: A, claim: "x", test: "accuracy(focal(0.5)) > accuracy(ce)", by: 0.2 points }';
  expect(check(claims).claims).toMatchObject([{ claim: { id: "A", by: "0.2 points" }, margin: 0.002 }]);
  const without = plan(checkStudy(readYaml("name: s\nloss: [ce, { focal: [0.5, 2] }]", "s.yaml"), [], zoo), () => facts as never, zoo); // biome-ignore format: one line
  expect(planned(claims).trials).toEqual(without.trials);
});

it("names the claims that have no name by their places", () => {
  const { claims } = check(
    '  - claim: "focal 0.5 beats focal 2"\n    test: accuracy(focal(0.5)) > accuracy(focal(2))\n    by: 0.2 points\n  - { id: B, claim: x, test: accuracy(ce) < 0.12 }\n  - { claim: y, test: converged(ce) <= 5 epochs }',
  );
  expect(claims.map(({ claim }) => claim.id)).toEqual(["C1", "B", "C3"]);
});

it("reads a test with commas without quotes as with them", () => {
  const test = (said: string) => check(`  - { id: A, claim: x, test: ${said} }`).claims[0].comparisons;
  expect(test("accuracy(ce, sgd) > accuracy(focal(2), sgd)")).toEqual(test('"accuracy(ce, sgd) > accuracy(focal(2), sgd)"')); // biome-ignore format: one line
});

it.each([
  ['  - { id: A, test: "accuracy(ce) > 0.5" }', /s\.yaml:4:5 {2}claims\[0\]\.claim.*is missing/],
  ['  - { id: C2, claim: x, test: "accuracy(ce) > 0.5" }\n  - { claim: y, test: "accuracy(ce) > 0.6" }', /claims\[1\]\.id.*two claims "C2"/],
  ['  - { id: A, claim: "x", test: "acuracy(ce) > 0.5" }', /claims\[0\]\.test.*there is no measure "acuracy".*accuracy/],
  ['  - { id: A, claim: "x", tset: "accuracy(ce) > 0.5" }', /claims\[0\]\.tset.*did you mean "test"/],
  ['  - { id: A, claim: "x", test: "accuracy(ce) > 0.5" }\n  - { id: A, claim: "y", test: "accuracy(ce) > 0.6" }', /claims\[1\]\.id.*two claims "A"/],
  ['  - { id: A, claim: x, test: "accuracy(ce) > 0.5", by: 2 pionts }', /s\.yaml:4:56 {2}claims\[0\]\.by.*did you mean "points"/],
  ['  - { id: A, claim: x, test: "accuracy(ce) > 0.5", by: 2 epochs }', /claims\[0\]\.by.*the test compares points/],
  ['  - { id: A, claim: x, test: "accuracy(ce) ≈ 0.5" }', /claims\[0\]\.by.*≈ 0\.5 needs the largest difference.*by: 0\.5 points/],
  ['  - { id: A, claim: x, test: "accuracy(ce) = 0.5", by: 1 point }', /claims\[0\]\.by.*takes no margin/],
  ['  - { id: A, claim: x, test: "accuracy(ce) > 3 epochs" }', /claims\[0\]\.test.*compares points with 3 epochs/],
  ['  - { id: A, claim: x, test: "accuracy(ce) > 0.5", in: [s] }', /claims\[0\]\.in.*written report/],
  ['  - { id: A, claim: x, see: there, by: 1 point }', /claims\[0\]\.by.*nothing to differ/],
])("tells what is wrong with %s", (claims, message) => expect(() => check(claims)).toThrow(message)); // biome-ignore format: one case a line

it("refuses a claim that speaks of no trial of the study", () => {
  expect(() => planned('  - { id: A, claim: "x", test: "accuracy(mae) > 0.5" }')).toThrow(/no trial of the study/);
});
