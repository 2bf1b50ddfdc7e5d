/** Random numbers inside a graph: a hash of a fed seed and of each element's place, so nothing depends on history. */
import { apply, type Expr, type Op, type Shape, ShapeError, sizeOf } from "../expr.ts";
import { axisAt, concat, reshape, slice } from "./shape.ts";

const MASK = 0x7fffffff;
/** Rounds of xor-shift and multiply modulo 2^31, after the 32-bit mixers found by Wellons' "hash prospector" (2018). */
const ROUNDS = [
  { shift: 15, factor: 0x2c1b3c6d },
  { shift: 12, factor: 0x297a2d39 },
  { shift: 15, factor: 0x1b56c4e9 },
] as const;
const WEYL = 0x61c88647;

const uniformOp: Op<{ shape: Shape }> = {
  name: "uniform",
  type([seed], { shape }) {
    if (seed.dtype !== "int64" || seed.shape.length > 0)
      throw new ShapeError("uniform", [seed], "needs one int64 seed");
    return { shape, dtype: "float32" };
  },
  batch([seed], { shape }, size) {
    const each = Array.from({ length: size }, (_, t) => uniform(reshape(pickRow(axisAt(seed, 0), t), []), shape));
    return { expr: stack(each), axis: 0 };
  },
  onnx(e, [seed], y) {
    const n = sizeOf(y.shape);
    const places = e.constant(
      Float64Array.from({ length: n }, (_, i) => (i * WEYL) % (MASK + 1)),
      [n],
      "int64",
    );
    const mask = e.ints([MASK]);
    let h = e.node("BitwiseAnd", [e.node("Add", [places, seed]), mask]);
    for (const { shift, factor } of ROUNDS) {
      h = e.node("BitwiseXor", [h, e.node("Div", [h, e.ints([2 ** shift])])]);
      h = e.node("BitwiseAnd", [e.node("Mul", [h, e.ints([factor])]), mask]);
    }
    h = e.node("BitwiseXor", [h, e.node("Div", [h, e.ints([2 ** 15])])]);
    const high = e.node("Cast", [e.node("Div", [h, e.ints([2 ** 7])])], { to: { int: 1 } }); // 24 bits: exact in float32
    return e.node("Reshape", [e.node("Mul", [high, e.constant([2 ** -24], [1], "float32")]), e.ints(y.shape)]);
  },
  eval([seed], y) {
    return Float64Array.from({ length: sizeOf(y.shape) }, (_, i) => {
      let h = (((i * WEYL) % (MASK + 1)) + seed[0]) % (MASK + 1);
      for (const { shift, factor } of ROUNDS) {
        h ^= h >> shift;
        h = Math.imul(h, factor) & MASK;
      }
      h ^= h >> 15;
      return (h >> 7) * 2 ** -24;
    });
  },
};

/** Numbers uniform in [0, 1) with 24 random bits; equal seeds (int64, 0 ≤ seed < 2^31) give equal numbers. */
export const uniform = (seed: Expr, shape: Shape): Expr => apply(uniformOp, [seed], { shape });

const pickRow = (x: Expr, row: number): Expr => slice(x, 0, row, row + 1);
const stack = (parts: readonly Expr[]): Expr =>
  concat(
    parts.map((x) => reshape(x, [1, ...x.shape])),
    0,
  );
