/** Laws that every operation keeps, over one table of examples. A new operation needs a line in it and no test of its own. */
import { beforeAll, describe, expect, it } from "vitest";
import { emit } from "../../onnx/emit.ts";
import type { Backend } from "../../run/backend.ts";
import { cohort, type Member, stepGraph } from "../../run/cohort.ts";
import { memberOf } from "../../run/members.ts";
import { nodeBackend } from "../../run/node-backend.ts";
import type { Trial } from "../../run/records.ts";
import { random } from "../../util/random.ts";
import { choose, type Entry } from "../../zoo/entry.ts";
import { settingsOf } from "../../zoo/fixture.ts";
import { zoo } from "../../zoo/index.ts";
import { termsOf } from "../../zoo/losses/loss.ts";
import {
  abs,
  add,
  argMax,
  type Batched,
  cast,
  concat,
  constant,
  constantOp,
  conv2d,
  convInputGradient,
  convWeightGradient,
  type DType,
  depthToSpace,
  div,
  type Expr,
  elu,
  equal,
  erf,
  evaluate,
  exp,
  expand,
  expm1,
  gather,
  gemm,
  grad,
  greater,
  greaterOrEqual,
  input,
  inputOp,
  insertAt,
  log,
  log1p,
  logSoftmax,
  logSumExp,
  matmul,
  maximum,
  maxPool,
  maxPoolGradient,
  minimum,
  mul,
  neg,
  oneHot,
  pad,
  place,
  pow,
  reduceMax,
  relu,
  reshape,
  type Shape,
  sigmoid,
  sign,
  sizeOf,
  slice,
  softplus,
  spaceToDepth,
  sqrt,
  stopGradient,
  sub,
  sum,
  take,
  tanh,
  topological,
  transpose,
  trialsFirst,
  uniform,
  vmap,
  where,
} from "../index.ts";

interface Operand {
  shape: Shape;
  dtype?: DType;
  /** Range of the values; -2 … 2 unless said. Integers take whole numbers, without `high`. */
  low?: number;
  high?: number;
}

interface Example {
  of: Operand[];
  y: (...x: Expr[]) => Expr;
  /** Number of operands that may have a trial axis at the same time; all unless said. */
  together?: number;
}

const unary = (y: (x: Expr) => Expr, range: Partial<Operand> = {}): Example[] => [
  { of: [{ shape: [2, 3], ...range }], y },
];
const positive = { low: 0.3, high: 3 };
/** Two operands of equal shapes, and broadcast ones. */
const binary = (y: (a: Expr, b: Expr) => Expr, range: Partial<Operand> = {}): Example[] =>
  [
    [
      [2, 3],
      [2, 3],
    ],
    [
      [2, 1, 3],
      [4, 1],
    ],
    [[], [2, 3]],
  ].map(([a, b]) => ({
    of: [
      { shape: a, ...range },
      { shape: b, ...range },
    ],
    y,
  }));
const rows = (y: (x: Expr) => Expr): Example[] => [
  { of: [{ shape: [4] }], y },
  { of: [{ shape: [2, 3, 4] }], y },
];
const few = { low: 0, high: 3, dtype: "int64" as const };
const images = (y: (x: Expr) => Expr, shape: Shape): Example => ({ of: [{ shape }], y });

const plain = { stride: [1, 1], padding: [0, 0], dilation: [1, 1], groups: 1 } as const;
/** Settings of convolutions: images, filters and how they meet. */
const convolutions = [
  { x: [2, 2, 4, 5], w: [3, 2, 3, 2], attrs: plain },
  { x: [2, 2, 5, 5], w: [3, 2, 3, 3], attrs: { ...plain, stride: [2, 2], padding: [1, 1] } },
  { x: [1, 2, 6, 5], w: [2, 2, 2, 2], attrs: { ...plain, stride: [3, 2], padding: [0, 1] } },
  { x: [2, 4, 4, 4], w: [4, 2, 3, 3], attrs: { ...plain, padding: [1, 1], groups: 2 } },
  { x: [2, 3, 6, 6], w: [3, 1, 2, 2], attrs: { ...plain, stride: [2, 2], dilation: [2, 1], groups: 3 } },
  { x: [1, 2, 7, 6], w: [2, 2, 3, 2], attrs: { ...plain, stride: [2, 3], padding: [2, 1], dilation: [2, 3] } },
  // Channels that fill blocks: in and out, out alone, in groups, with gaps and frames, and in batches that fill none.
  { x: [1, 16, 2, 2], w: [16, 16, 2, 2], attrs: { ...plain, padding: [1, 1] } },
  { x: [3, 3, 5, 4], w: [16, 3, 3, 2], attrs: { ...plain, stride: [2, 1], padding: [1, 0] } },
  { x: [1, 32, 2, 2], w: [32, 16, 2, 1], attrs: { ...plain, groups: 2 } },
  { x: [1, 24, 2, 2], w: [64, 6, 1, 2], attrs: { ...plain, groups: 4 } },
  { x: [2, 2, 4, 4], w: [6, 2, 3, 3], attrs: { ...plain, padding: [1, 1] } },
  { x: [1, 16, 4, 3], w: [16, 16, 2, 2], attrs: { ...plain, stride: [2, 1], padding: [1, 1], dilation: [2, 1] } },
] as { x: Shape; w: Shape; attrs: Parameters<typeof conv2d>[2] }[];
const convolved = ({ x, w, attrs }: (typeof convolutions)[number]): Shape =>
  conv2d(input("x", x), input("w", w), attrs).shape;

const EXAMPLES: Record<string, Example[]> = {
  add: binary(add),
  sub: binary(sub),
  mul: binary(mul),
  div: binary(div, positive),
  neg: unary(neg),
  exp: unary(exp),
  log: unary(log, positive),
  expm1: [...unary(expm1), ...unary(expm1, { low: -1e-4, high: 1e-4 })],
  log1p: [...unary(log1p, positive), ...unary(log1p, { low: -1e-4, high: 1e-4 })],
  sqrt: unary(sqrt, positive),
  abs: unary(abs),
  sign: unary(sign),
  tanh: unary(tanh),
  sigmoid: unary(sigmoid),
  softplus: unary(softplus),
  erf: unary(erf),
  relu: unary(relu),
  elu: unary(elu),
  stopGradient: unary(stopGradient),
  pow: [...unary((x) => pow(x, 2.7), positive), ...unary((x) => pow(x, 3)), ...unary((x) => pow(x, -0.5), positive)],
  greater: binary((a, b) => cast(greater(a, b), "float32")),
  greaterOrEqual: binary((a, b) => cast(greaterOrEqual(a, b), "float32")),
  equal: binary((a, b) => cast(equal(a, b), "float32"), few),
  where: [
    { of: [{ shape: [2, 3] }, { shape: [2, 3] }, { shape: [2, 3] }], y: (c, a, b) => where(greater(c, 0), a, b) },
    { of: [{ shape: [2, 1] }, { shape: [3] }, { shape: [4, 1, 1] }], y: (c, a, b) => where(greater(c, 0), a, b) },
  ],
  maximum: binary(maximum),
  minimum: binary(minimum),
  "cast to float32": unary((x) => cast(x, "float32"), few),
  "cast to int64": unary((x) => cast(x, "int64"), { dtype: "uint8", low: 0, high: 9 }),
  "cast to int32": unary((x) => cast(x, "int32"), { dtype: "uint8", low: 0, high: 9 }),
  sum: [
    { of: [{ shape: [2, 3, 4] }], y: (x) => sum(x, [1]) },
    { of: [{ shape: [2, 3, 4] }], y: (x) => sum(x, [0, -1], true) },
    { of: [{ shape: [2, 3] }], y: (x) => sum(x) },
  ],
  expand: [
    { of: [{ shape: [2, 1, 3] }], y: (x) => expand(x, [2, 4, 3]) },
    { of: [{ shape: [3, 1] }], y: (x) => expand(x, [2, 3, 4]) },
  ],
  matmul: [false, true].flatMap((transA) =>
    [false, true].flatMap((transB) =>
      [[], [2]].map((stack) => ({
        of: [
          { shape: [...stack, ...(transA ? [4, 3] : [3, 4])] },
          { shape: [...stack, ...(transB ? [2, 4] : [4, 2])] },
        ],
        y: (a: Expr, b: Expr) => matmul(a, b, { transA, transB }),
      })),
    ),
  ),
  gemm: [[2], [3, 2]].map((c) => ({
    of: [{ shape: [3, 4] }, { shape: [4, 2] }, { shape: c }],
    y: (a, b, c) => gemm(matmul(a, b), c, 2, 0.5),
    together: 0, // made of a whole cohort's graph alone
  })),
  reshape: [
    { of: [{ shape: [2, 6] }], y: (x) => reshape(x, [3, 4]) },
    { of: [{ shape: [2, 3, 4] }], y: (x) => reshape(x, [2, -1]) },
    { of: [{ shape: [6, 4] }], y: (x) => reshape(x, [2, 3, 2, 2]) },
  ],
  transpose: [
    { of: [{ shape: [2, 3, 4] }], y: (x) => transpose(x) },
    { of: [{ shape: [2, 3, 4] }], y: (x) => transpose(x, [1, 2, 0]) },
  ],
  slice: [
    { of: [{ shape: [3, 7] }], y: (x) => slice(x, 1, 2, 5) },
    { of: [{ shape: [3, 7] }], y: (x) => slice(x, 1, 1, 7, 3) },
    { of: [{ shape: [5, 2] }], y: (x) => slice(x, 0, 0, 5, 2) },
  ],
  pad: [
    { of: [{ shape: [3, 4] }], y: (x) => pad(x, 1, 2, 7) },
    { of: [{ shape: [3, 4] }], y: (x) => pad(x, 0, 1, 9, 3) },
    { of: [{ shape: [3, 4] }], y: (x) => pad(x, 0, 0, 5, 2) },
  ],
  concat: [
    { of: [{ shape: [2, 3] }, { shape: [1, 3] }], y: (a, b) => concat([a, b], 0) },
    { of: [{ shape: [2, 3, 2] }, { shape: [2, 1, 2] }], y: (a, b) => concat([a, b, a], 1) },
  ],
  take: [
    { of: [{ shape: [5, 3] }], y: (x) => take(x, 0, [3, 0, 4]) },
    { of: [{ shape: [2, 4, 3] }], y: (x) => take(x, 1, [2, 1]) },
  ],
  place: [
    { of: [{ shape: [3, 2] }], y: (x) => place(x, 0, [3, 0, 4], 6) },
    { of: [{ shape: [2, 2, 3] }], y: (x) => place(x, 1, [1, 0], 2) },
  ],
  gather: [
    { of: [{ shape: [4, 3] }, { shape: [5], ...few, dtype: "int32" }], y: (x, i) => gather(x, i), together: 1 },
    { of: [{ shape: [3, 2, 2] }, { shape: [2, 2], ...few }], y: (x, i) => gather(x, i), together: 1 },
  ],
  reduceMax: rows(reduceMax),
  logSumExp: rows(logSumExp),
  logSoftmax: rows(logSoftmax),
  argMax: rows(argMax),
  oneHot: unary((x) => oneHot(x, 3), few),
  conv2d: convolutions.flatMap(({ x, w, attrs }) => [
    { of: [{ shape: x }, { shape: w }], y: (x, w) => conv2d(x, w, attrs) },
    { of: [{ shape: x }, { shape: w }, { shape: [w[0]] }], y: (x, w, b) => conv2d(x, w, attrs, b) },
  ]),
  "conv2d input gradient": convolutions.map((c) => ({
    of: [{ shape: convolved(c) }, { shape: c.w }],
    y: (g, w) => convInputGradient(g, w, c.x, c.attrs),
  })),
  "conv2d weight gradient": convolutions.map((c) => ({
    of: [{ shape: c.x }, { shape: convolved(c) }],
    y: (x, g) => convWeightGradient(x, g, c.w, c.attrs),
  })),
  maxPool: [
    // Behind a convolution whose channels nearly fill blocks, with an odd row and column.
    {
      of: [{ shape: [2, 3, 3, 5] }, { shape: [12, 3, 1, 2] }],
      y: (x: Expr, w: Expr) => maxPool(conv2d(x, w, plain), { kernel: [2, 2], stride: [2, 2], padding: [0, 0] }),
    },
    {
      of: [{ shape: [2, 3, 5, 6] }, { shape: [16, 3, 1, 2] }],
      y: (x: Expr, w: Expr) => maxPool(conv2d(x, w, plain), { kernel: [2, 2], stride: [2, 2], padding: [0, 0] }),
    },
    ...(
      [
        [2, 2, 0, 4, 6],
        [2, 2, 0, 5, 5],
        [3, 2, 1, 6, 5],
        [2, 1, 0, 3, 4],
        [3, 3, 0, 7, 7],
        [3, 3, 1, 4, 7],
      ] as const
    ).map(([k, s, p, height, width]) =>
      images((x) => maxPool(x, { kernel: [k, k], stride: [s, s], padding: [p, p] }), [2, 2, height, width]),
    ),
  ],
  "maxPool gradient": [
    {
      of: [{ shape: [2, 2, 5, 4] }, { shape: [2, 2, 2, 2] }],
      y: (x: Expr, g: Expr) => maxPoolGradient(x, g, { kernel: [2, 2], stride: [2, 2], padding: [0, 0] }),
    },
    {
      of: [{ shape: [1, 2, 5, 4] }, { shape: [1, 2, 3, 2] }],
      y: (x: Expr, g: Expr) => maxPoolGradient(x, g, { kernel: [3, 3], stride: [2, 2], padding: [1, 1] }),
    },
  ],
  spaceToDepth: [images(spaceToDepth, [2, 3, 4, 2])],
  depthToSpace: [images(depthToSpace, [2, 8, 1, 3])],
  uniform: [{ of: [{ shape: [], dtype: "int64", low: 0, high: 2 ** 31 - 1 }], y: (seed) => uniform(seed, [3, 4]) }],
};

const TRIALS = 3;

/** Values of an operand: of one trial, or of several along an axis. They are exact in float32. */
function values({ dtype = "float32", low = -2, high = 2 }: Operand, shape: Shape, name: string): Float64Array {
  const stream = random(7, name);
  return Float64Array.from({ length: sizeOf(shape) }, (_, i) => {
    const x = low + (high - low) * stream.uniform(i);
    return dtype === "float32" ? Math.fround(x) : Math.floor(x);
  });
}

const isFloat = ({ dtype = "float32" }: Operand): boolean => dtype === "float32";

/** The example's result and its gradients for all operands that have one, with the result weighted by fixed numbers. */
function withGradients({ of, y }: Example, x: readonly Expr[]): Record<string, Expr> {
  const result = y(...x);
  if (result.dtype !== "float32") return { y: result };
  const weights = constant(values({ shape: [] }, result.shape, "weights"), result.shape);
  const wanted = x.filter((_, i) => isFloat(of[i]));
  const gradients = grad(mul(result, weights), wanted);
  return { y: result, ...Object.fromEntries(gradients.map((g, i) => [`gradient${i}`, g])) };
}

const inputsOf = ({ of }: Example): Expr[] => of.map(({ shape, dtype }, i) => input(`x${i}`, shape, dtype));
const feedsOf = ({ of }: Example): Record<string, Float64Array> =>
  Object.fromEntries(of.map((operand, i) => [`x${i}`, values(operand, operand.shape, `x${i}`)]));

const cases = Object.entries(EXAMPLES).flatMap(([name, list]) =>
  list.map((example): [string, string, Example] => [
    `${name}(${example.of.map(({ shape }) => `[${shape.join(",")}]`).join(", ")})`,
    name,
    example,
  ]),
);

function expectClose(got: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number, what: string): void {
  expect(got.length, what).toBe(wanted.length);
  const largest = Array.from(wanted).reduce((m, v) => Math.max(m, Math.abs(v)), 1);
  for (let i = 0; i < wanted.length; i++) {
    if (!(Math.abs(got[i] - wanted[i]) <= tolerance * largest)) {
      expect.fail(`${what}[${i}] is ${got[i]}, expected ${wanted[i]}`);
    }
  }
}

const opsOf = (roots: readonly Expr[]) => new Set(topological(roots).map(({ op }) => op));

describe("every operation", () => {
  it.each(cases)("%s has the gradient that differences show, and so has its gradient", (_, name, example) => {
    const x = inputsOf(example);
    const results = withGradients(example, x);
    const op = [...opsOf([results.y])].find((op) => op.name === name);
    expect(op, "its own example uses it").toBeDefined();
    if (!op!.vjp) return;
    const feeds = feedsOf(example);
    const wanted = x.filter((_, i) => isFloat(example.of[i]));
    const check = (y: Expr, what: string): void => {
      const weights = constant(values({ shape: [] }, y.shape, "weights"), y.shape);
      const scalar = sum(mul(y, weights));
      const gradients = evaluate(grad(scalar, wanted), feeds);
      wanted.forEach((operand, k) => {
        const { name } = operand.attrs as { name: string };
        const moved = (i: number, h: number): number => {
          const changed = Float64Array.from(feeds[name]);
          changed[i] += h;
          return evaluate([scalar], { ...feeds, [name]: changed })[0][0];
        };
        const h = 1e-5;
        const differences = Float64Array.from(feeds[name], (_, i) => (moved(i, h) - moved(i, -h)) / (2 * h));
        expectClose(gradients[k], differences, 1e-8, `${what} for ${name}`);
      });
    };
    for (const [what, y] of Object.entries(results)) check(y, what);
  });

  const batchings = (example: Example): (number | null)[][] => {
    const places = example.of.map(({ shape }) =>
      [null, ...new Set([0, 1, shape.length])].filter((p) => p === null || p <= shape.length),
    );
    const all = places.reduce<(number | null)[][]>(
      (lists, own) => lists.flatMap((l) => own.map((p) => [...l, p])),
      [[]],
    );
    const batched = (axes: (number | null)[]): number => axes.filter((axis) => axis !== null).length;
    return all.filter((axes) => batched(axes) > 0 && batched(axes) <= (example.together ?? axes.length));
  };

  /** The example with trial axes at the given places: results with the trials first, and what to feed. */
  function batchedBy(example: Example, axes: readonly (number | null)[]) {
    const shapes = example.of.map(({ shape }, i) => (axes[i] === null ? shape : insertAt(shape, axes[i]!, TRIALS)));
    const names = axes.map((axis, i) => `x${i}${axis === null ? "" : `at${axis}`}`);
    const args: Record<string, Batched> = Object.fromEntries(
      example.of.map(({ dtype }, i) => [`x${i}`, { expr: input(names[i], shapes[i], dtype), axis: axes[i] }]),
    );
    const results = vmap(TRIALS, args, (own) =>
      withGradients(
        example,
        example.of.map((_, i) => own[`x${i}`]),
      ),
    );
    const outputs = Object.fromEntries(Object.entries(results).map(([name, y]) => [name, trialsFirst(y, TRIALS)]));
    const feeds = Object.fromEntries(names.map((name, i) => [name, values(example.of[i], shapes[i], name)]));
    const ofTrial = (t: number): Record<string, Float64Array> =>
      Object.fromEntries(
        names.map((name, i) => {
          const own = axes[i] === null ? [feeds[name]] : evaluate([trialOf(name, shapes[i], axes[i]!, t)], feeds);
          return [`x${i}`, own[0]];
        }),
      );
    return { outputs, feeds, ofTrial };
  }

  const trialOf = (name: string, shape: Shape, axis: number, t: number): Expr =>
    slice(input(name, shape), axis, t, t + 1);

  it.each(cases)("%s gives all trials at once what it gives each alone", (_, __, example) => {
    const single = withGradients(example, inputsOf(example));
    for (const axes of batchings(example)) {
      const { outputs, feeds, ofTrial } = batchedBy(example, axes);
      const together = evaluate(Object.values(outputs), feeds);
      const alone = Array.from({ length: TRIALS }, (_, t) => evaluate(Object.values(single), ofTrial(t)));
      Object.keys(outputs).forEach((name, k) => {
        const loop = alone.flatMap((results) => Array.from(results[k]));
        expect(outputs[name].shape).toEqual([TRIALS, ...single[name].shape]);
        expectClose(together[k], loop, 1e-12, `${name} with trials at ${axes.join()}`);
      });
    }
  });

  let backend: Backend;
  beforeAll(() => {
    backend = nodeBackend();
  });

  /** Whether blocks of channels make a difference to the example. */
  const inBlocks = cases.filter(([, , example]) => {
    const outputs = withGradients(example, inputsOf(example));
    return !Buffer.from(emit(outputs, "", { channelBlock: 16 }).bytes).equals(emit(outputs, "").bytes);
  });
  const dialects = [
    ["in ONNX", cases, async () => ({})],
    ["in blocks of channels, if the processor has such", inBlocks, () => backend.dialect!()],
  ] as const;
  describe.each(dialects)("%s", (_, examples, dialect) => {
    it.each(examples)("%s means the same", async (_, __, example) => {
      const outputs: Record<string, Expr> = withGradients(example, inputsOf(example));
      const feeds: Record<string, Float64Array> = feedsOf(example);
      for (const axes of batchings(example)) {
        const batched = batchedBy(example, axes);
        for (const [name, y] of Object.entries(batched.outputs)) outputs[`${name} ${axes.join()}`] = y;
        Object.assign(feeds, batched.feeds);
      }
      const model = emit(outputs, "example", await dialect());
      const session = await backend.session(model.bytes);
      const typed = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array };
      const given = Object.entries(model.inputs).map(([name, { shape, dtype }]) => {
        const data =
          dtype === "int64"
            ? BigInt64Array.from(Array.from(feeds[name], BigInt))
            : typed[dtype as keyof typeof typed].from(feeds[name]);
        return [name, backend.tensor(dtype as "float32", data, shape)];
      });
      const results = await session.run(Object.fromEntries(given));
      await session.release();
      const names = Object.keys(outputs);
      const reference = evaluate(Object.values(outputs), feeds);
      names.forEach((name, k) => {
        expectClose(Array.from(results[name].data as Float32Array, Number), reference[k], 3e-6, name);
      });
    });
  });

  it("has an example: no graph of the zoo uses another", () => {
    const roots: Expr[] = [];
    const z = input("z", [2, 3]);
    const t = input("t", [2, 3]);
    const context = { classes: 3, classCounts: [1, 2, 3], training: true };
    for (const entry of Object.values(zoo.losses)) {
      for (const said of settingsOf(entry as Entry, { members: ["ce"] })) {
        const { params } = choose("loss", zoo.losses, { [entry.name]: said });
        roots.push(...grad(termsOf(entry.perExample(z, t, params, context)).perExample, [z]));
      }
    }
    for (const [name, { apply }] of Object.entries(zoo.activations)) {
      roots.push(...grad(apply(z, choose("activation", zoo.activations, name).params), [z]));
    }
    for (const entry of Object.values(zoo.augmentations)) {
      for (const said of settingsOf(entry, { members: ["mixup"] })) {
        const { params } = choose("augmentation", zoo.augmentations, { [entry.name]: said });
        const drawn = input("drawn", [2, Math.max(1, entry.draws(params, [1, 12, 12]).length)]);
        const batch = { x: input("images", [2, 1, 12, 12]), targets: [{ wanted: t }] };
        const after = entry.apply(batch, drawn, params, { black: input("black", []) });
        roots.push(after.x, ...after.targets.flatMap(({ wanted, share }) => [wanted, ...(share ? [share] : [])]));
      }
    }
    for (const [name, { update, slots, factors }] of Object.entries(zoo.optimizers)) {
      const { params } = choose("optimizer", zoo.optimizers, name);
      const own = Object.fromEntries(slots(params).map((slot) => [slot, t]));
      const scalars = Object.fromEntries(
        Object.keys(factors(params, 1, 1)).map((factor) => [factor, input(factor, [])]),
      );
      roots.push(update({ parameter: z, slots: own }, t, params, scalars).parameter);
    }
    const model = { cnn: { channels: [2], dense: [3], batchNorm: true, dropout: 0.5 } };
    const trial = (id: string, loss: string, activation: string, optimizer: string): Member => {
      const named = { loss: { [loss]: {} }, activation: { [activation]: {} }, optimizer: { [optimizer]: {} } };
      return memberOf({ id, model, ...named, schedule: { constant: {} }, seed: 1 } as unknown as Trial, zoo);
    };
    const trials = [
      trial("a", "ce", "relu", "sgd"),
      trial("b", "mae", "tanh", "adam"),
      trial("c", "ce", "tanh", "sgd"),
    ];
    const classes = { classes: 3, classCounts: [1, 1, 1] };
    const data = { ...classes, shape: [1, 4, 4], pixels: "uint8", scale: [1], offset: [0] } as const;
    const steps = stepGraph(cohort(trials, data), { total: 9, batchSize: 3, steps: 2, norms: true });
    roots.push(...Object.values(steps));
    const used = [...opsOf(roots)].filter((op) => op !== inputOp && op !== constantOp).map(({ name }) => name);
    expect(used.filter((name) => !(name in EXAMPLES))).toEqual([]);
    expect(used.length).toBeGreaterThan(20);
  });
});
