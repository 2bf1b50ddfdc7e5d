/** Matrix products: the dense layers, their gradients, and whatever else contracts two axes. */
import { apply, type Batched, type Expr, type Op, ShapeError, sizeOf } from "../expr.ts";
import { axisAt, repeat, reshape } from "./shape.ts";

interface MatmulAttributes {
  /** Whether the first operand is read transposed. */
  transA: boolean;
  /** Whether the second operand is read transposed. */
  transB: boolean;
}

/** [M,K]×[K,N], or [T,M,K]×[T,K,N] for T products side by side; either operand may be given transposed. */
const matmulOp: Op<MatmulAttributes> = {
  name: "matmul",
  type(inputs, { transA, transB }) {
    const [a, b] = inputs;
    const rank = a.shape.length;
    const fits = rank === b.shape.length && (rank === 2 || (rank === 3 && a.shape[0] === b.shape[0]));
    if (!fits) throw new ShapeError("matmul", inputs, "needs two matrices, or two stacks of equally many");
    const [m, k] = transA ? [a.shape[rank - 1], a.shape[rank - 2]] : a.shape.slice(-2);
    const [k2, n] = transB ? [b.shape[rank - 1], b.shape[rank - 2]] : b.shape.slice(-2);
    if (k !== k2) throw new ShapeError("matmul", inputs, `the inner sizes ${k} and ${k2} differ`);
    return { shape: [...a.shape.slice(0, -2), m, n], dtype: "float32" };
  },
  vjp(y, g) {
    const [a, b] = y.inputs;
    const { transA, transB }: MatmulAttributes = y.attrs;
    return [
      transA ? matmul(b, g, { transA: transB, transB: true }) : matmul(g, b, { transB: !transB }),
      transB ? matmul(g, a, { transA: true, transB: transA }) : matmul(a, g, { transA: !transA }),
    ];
  },
  batch([a, b], attrs, size) {
    const { transA, transB } = attrs;
    if (a.expr.shape.length - (a.axis === null ? 0 : 1) === 3) return batchStacks(a, b, attrs, size);
    if (a.axis === null) {
      // All trials multiply the same matrix: their columns stand side by side in one product.
      const [k, n] = columns(b, transB);
      const at = transB ? 0 : 1;
      const wide = reshape(axisAt(b, at), transB ? [size * n, k] : [k, size * n]);
      const product = matmul(a.expr, wide, attrs);
      return { expr: reshape(product, [product.shape[0], size, n]), axis: 1 };
    }
    if (b.axis === null) {
      const [k, m] = columns(a, !transA);
      const tall = reshape(axisAt(a, transA ? 1 : 0), transA ? [k, size * m] : [size * m, k]);
      const product = matmul(tall, b.expr, attrs);
      return { expr: reshape(product, [size, m, product.shape[1]]), axis: 0 };
    }
    return { expr: matmul(axisAt(a, 0), axisAt(b, 0), attrs), axis: 0 };
  },
  onnx(e, [a, b], y) {
    const { transA, transB }: MatmulAttributes = y.attrs;
    if (y.shape.length === 2) {
      return e.node("Gemm", [a, b], { transA: { int: Number(transA) }, transB: { int: Number(transB) } });
    }
    const flipped = (x: string): string => e.node("Transpose", [x], { perm: { ints: [0, 2, 1] } });
    return e.node("MatMul", [transA ? flipped(a) : a, transB ? flipped(b) : b]);
  },
  eval([a, b], y) {
    const { transA, transB }: MatmulAttributes = y.attrs;
    const [m, n] = y.shape.slice(-2);
    const [x] = y.inputs;
    const k = transA ? x.shape.at(-2)! : x.shape.at(-1)!;
    const result = new Float64Array(sizeOf(y.shape));
    const stacks = sizeOf(y.shape.slice(0, -2));
    for (let t = 0; t < stacks; t++) {
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < n; j++) {
          let total = 0;
          for (let l = 0; l < k; l++) {
            total += a[t * m * k + (transA ? l * m + i : i * k + l)] * b[t * k * n + (transB ? j * k + l : l * n + j)];
          }
          result[(t * m + i) * n + j] = total;
        }
      }
    }
    return result;
  },
};

/** [contracted, kept] sizes of a batched operand of one trial's rank 2. */
function columns(x: Batched, keptFirst: boolean): [number, number] {
  const [rows, cols] = x.expr.shape.filter((_, i) => i !== x.axis);
  return keptFirst ? [cols, rows] : [rows, cols];
}

/** Stacks of stacks become one longer stack. */
function batchStacks(a: Batched, b: Batched, attrs: MatmulAttributes, size: number): Batched {
  const merged = [a, b].map((x) => {
    const own = x.axis === null ? repeat(x.expr, 0, size) : axisAt(x, 0);
    return reshape(own, [size * own.shape[1], own.shape[2], own.shape[3]]);
  });
  const product = matmul(merged[0], merged[1], attrs);
  const [, m, n] = product.shape;
  return { expr: reshape(product, [size, product.shape[0] / size, m, n]), axis: 0 };
}

export function matmul(a: Expr, b: Expr, { transA = false, transB = false }: Partial<MatmulAttributes> = {}): Expr {
  return apply(matmulOp, [a, b], { transA, transB });
}

/** α·A·B + β·C, with C of the product's shape or one row of it. */
const gemmOp: Op<MatmulAttributes & { alpha: number; beta: number }> = {
  name: "gemm",
  type: ([a, b], attrs) => matmulOp.type([a, b], attrs),
  batch() {
    throw new Error("gemm: batch the product before it is fused");
  },
  onnx(e, inputs, y) {
    const { transA, transB, alpha, beta } = y.attrs;
    return e.node("Gemm", inputs, {
      transA: { int: Number(transA) },
      transB: { int: Number(transB) },
      alpha: { float: alpha },
      beta: { float: beta },
    });
  },
  eval([a, b, c], y) {
    const { alpha, beta } = y.attrs;
    return matmulOp.eval([a, b], y).map((value, i) => alpha * value + beta * c[i % c.length]);
  },
};

/**
 * A product of two matrices, scaled, and what is added to it, in one operation: α·(product) + β·c. Made by `fuse` alone, when graphs
 * are ready to be written: it has no gradient.
 */
export const gemm = (product: Expr, c: Expr, alpha: number, beta: number): Expr =>
  apply(gemmOp, [...product.inputs, c], { ...product.attrs, alpha, beta });

export const isMatrixProduct = (x: Expr): boolean => x.op === matmulOp && x.shape.length === 2;
