import fc from "fast-check";
import { expect, it } from "vitest";
import { evaluate } from "./evaluate.ts";
import { input, topological } from "./expr.ts";
import { grad } from "./grad.ts";
import { naive } from "./naive.ts";
import { add, exp, expm1, log1p, mul, sigmoid, softplus } from "./ops/elementwise.ts";
import { sum } from "./ops/reduce.ts";
import { logSoftmax, logSumExp, softmax } from "./ops/rows.ts";

const x = input("x", [2, 3]);
const all = add(
  mul(softmax(x), add(logSoftmax(x), logSumExp(x))),
  add(softplus(x), mul(sigmoid(x), add(log1p(exp(x)), expm1(x)))),
);

it("is the same where nothing overflows, value and gradient, and needs no careful operation", () => {
  const [plain] = naive([all]);
  const names = new Set(topological([plain]).map((n) => n.op.name));
  for (const name of ["logSumExp", "logSoftmax", "softplus", "sigmoid", "log1p", "expm1"])
    expect(names).not.toContain(name);
  const values = fc.array(fc.double({ min: -8, max: 8, noNaN: true }), { minLength: 6, maxLength: 6 });
  fc.assert(
    fc.property(values, (at) => {
      const of = (root: typeof all) => evaluate([root, grad(sum(root), [x])[0]], { x: at });
      const [careful, spelled] = [of(all), of(plain)];
      careful.forEach((wanted, k) => {
        wanted.forEach((v, i) => {
          expect(Math.abs(spelled[k][i] - v)).toBeLessThan(1e-9 * Math.max(1, Math.abs(v)));
        });
      });
    }),
  );
});

it("overflows where they do not", () => {
  const [careful, plain] = [logSumExp(x), naive([logSumExp(x)])[0]];
  const far = { x: [1000, 0, 0, -1000, -1000, -1000] };
  expect(Array.from(evaluate([careful], far)[0])).toEqual([1000, -1000 + Math.log(3)]);
  expect(Array.from(evaluate([plain], far)[0])).toEqual([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
});

it("leaves expressions without such operations as they are", () => {
  const square = mul(x, x);
  expect(naive([square])[0]).toBe(square);
});
