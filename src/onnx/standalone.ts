/** Expressions as a model that stands alone: with its weights, for any number of examples, for runtimes old and new. */
import type { Expr, TensorType } from "../tensor/expr.ts";
import { fold } from "../tensor/fold.ts";
import {
  attribute,
  GraphWriter,
  type Initializer,
  initializer,
  modelBytes,
  type OnnxModel,
  valueInfo,
} from "./emit.ts";

/**
 * Operators of 2020, which checkers, converters and small runtimes know; nothing that a network computes has come since. The next version
 * moves the axes of a ReduceSum from an attribute to an input, where OpenCV 4.6 does not find them.
 */
const WIDELY_READ = { opset: 12, ir: 7 };

/** Numbers of examples to write the model for; a second pair, where a size within the network is a multiple of one of the first. */
const SIZES = [
  [251, 257],
  [4093, 4099],
] as const;

/** What stands for the number of examples in the shapes of inputs and outputs. */
export const FREE_SIZE = "N";

export interface Standalone {
  name: string;
  /** Values of inputs, which thereby are inputs no more. */
  weights: Readonly<Record<string, Float32Array>>;
  /** Texts about the model, by keys. */
  metadata: Readonly<Record<string, string>>;
  /** What the model is, and what its inputs and outputs are, in words. */
  documentation: { model: string; values: Readonly<Record<string, string>> };
}

/**
 * Writes one ONNX model that takes any number of examples. The expressions are built for a fixed one; that nothing but shapes depends
 * on it is seen from another number giving the same bytes.
 * @param build the results by name, for so many examples
 */
export function emitStandalone(build: (examples: number) => Record<string, Expr>, about: Standalone): OnnxModel {
  for (const [size, other] of SIZES) {
    const model = write(fold(build(size), about.weights), size, about);
    const again = write(fold(build(other), about.weights), other, about);
    if (sameBytes(model.bytes, again.bytes)) return model;
  }
  throw new Error(`${about.name}: what it computes depends on the number of examples`);
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

function write(
  outputs: Record<string, Expr>,
  size: number,
  { name, weights, metadata, documentation }: Standalone,
): OnnxModel {
  const writer = new GraphWriter().write(outputs);
  const freed = (length: number): string | number => (length === size ? FREE_SIZE : length);
  const described = (value: string, { dtype, shape }: TensorType): object => {
    const docString = documentation.values[value];
    return { ...valueInfo(value, { dtype, shape: shape.map(freed) }), ...(docString && { docString }) };
  };
  withAxesAsAttributes(writer);
  const initializers = withFreeReshapes(writer, size);
  const inputs = [...writer.inputs].filter(([input]) => !Object.hasOwn(weights, input));
  const held = [...writer.inputs].filter(([input]) => Object.hasOwn(weights, input));
  const graph = {
    name,
    node: writer.body,
    initializer: [...held.map(([input, type]) => initializer(input, weights[input], type)), ...initializers],
    input: inputs.map(([input, type]) => described(input, type)),
    output: Object.entries(outputs).map(([output, type]) => described(output, type)),
  };
  const bytes = modelBytes(graph, writer, WIDELY_READ, {
    docString: documentation.model,
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  });
  const types = Object.entries(outputs).map(([output, { shape, dtype }]) => [output, { shape, dtype }]);
  return { bytes, inputs: Object.fromEntries(inputs), outputs: Object.fromEntries(types) };
}

const integers = ({ rawData }: Initializer): number[] => Array.from(new BigInt64Array(rawData.slice().buffer), Number);

/** Writes sums as the older version has them. */
function withAxesAsAttributes({ body, initializers }: GraphWriter): void {
  for (const node of body) {
    if (node.opType !== "ReduceSum") continue;
    const [x, axes] = node.input;
    node.input = [x];
    node.attribute.push(attribute("axes", { ints: integers(initializers.find(({ name }) => name === axes)!) }));
  }
}

/** The writer's constants; where a Reshape is given one with a multiple of the size, it is given one with -1 there. */
function withFreeReshapes({ body, initializers }: GraphWriter, size: number): Initializer[] {
  const byName = new Map(initializers.map((constant) => [constant.name, constant]));
  const made = new Map<string, Initializer>();
  for (const node of body) {
    const shape = node.opType === "Reshape" ? byName.get(node.input[1]) : undefined;
    if (!shape) continue;
    const lengths = integers(shape);
    const isFree = (n: number): boolean => n > 0 && n % size === 0;
    if (lengths.filter(isFree).length !== 1) continue; // none, or a shape that cannot be inferred: two sizes will differ
    const free = lengths.map((n) => (isFree(n) ? -1 : n));
    const name = `shape.${free.map((n) => (n < 0 ? FREE_SIZE : n)).join("x")}`;
    made.set(name, initializer(name, free, { shape: [free.length], dtype: "int64" }));
    node.input = [node.input[0], name];
  }
  const used = new Set(body.flatMap((node) => node.input));
  return [...initializers, ...made.values()].filter(({ name }) => used.has(name));
}
