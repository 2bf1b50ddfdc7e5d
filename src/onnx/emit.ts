/** Expressions to an ONNX model. Alone here knows the format; any ONNX runtime, in any language, can replay the result. */
import onnxProto from "onnx-proto";
import type { Emitter, OnnxAttribute } from "../tensor/emitter.ts";
import { type DType, type Expr, input, type Shape, type TensorType, topological } from "../tensor/expr.ts";
import { BLOCKS_DOMAIN, Blocks } from "./blocks.ts";

const { onnx } = onnxProto;
/** The standard's version that training steps are written in. */
const STEP_VERSION = { opset: 20, ir: 9 };

const ELEMENT_TYPE: Record<DType, number> = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9 };
const ATTRIBUTE = { float: 1, int: 2, string: 3, graph: 5, ints: 7 } as const;

function tensorBytes(data: ArrayLike<number>, dtype: DType): Uint8Array {
  const pack: Record<DType, () => { buffer: ArrayBuffer }> = {
    float32: () => Float32Array.from(data),
    int32: () => Int32Array.from(data),
    int64: () => BigInt64Array.from(Array.from(data), (v) => BigInt(v)),
    uint8: () => Uint8Array.from(data),
    bool: () => Uint8Array.from(data),
  };
  return new Uint8Array(pack[dtype]().buffer);
}

export function attribute(name: string, value: OnnxAttribute): object {
  if ("int" in value) return { name, type: ATTRIBUTE.int, i: value.int };
  if ("float" in value) return { name, type: ATTRIBUTE.float, f: value.float };
  if ("ints" in value) return { name, type: ATTRIBUTE.ints, ints: [...value.ints] };
  return { name, type: ATTRIBUTE.string, s: new TextEncoder().encode(value.string) };
}

/** A size that is known only when the model runs is given by a name. */
export const valueInfo = (
  name: string,
  { dtype, shape }: { dtype: DType; shape: readonly (number | string)[] },
): object => ({
  name,
  type: {
    tensorType: {
      elemType: ELEMENT_TYPE[dtype],
      shape: { dim: shape.map((size) => (typeof size === "number" ? { dimValue: size } : { dimParam: size })) },
    },
  },
});

export interface Node {
  opType: string;
  domain?: string;
  name: string;
  input: string[];
  output: string[];
  attribute: object[];
}

/** What a runtime offers beyond the standard's operators. */
export interface Dialect {
  /** Channels in a block of onnxruntime's direct convolutions on this processor. */
  channelBlock?: number | undefined;
}

/** A tensor whose values the model holds. */
export interface Initializer {
  name: string;
  dims: number[];
  dataType: number;
  rawData: Uint8Array;
}

export const initializer = (name: string, data: ArrayLike<number>, { shape, dtype }: TensorType): Initializer => ({
  name,
  dims: [...shape],
  dataType: ELEMENT_TYPE[dtype],
  rawData: tensorBytes(data, dtype),
});

/** What has been written so far; equal nodes and equal constants are written once. */
export class GraphWriter implements Emitter {
  readonly inputs = new Map<string, TensorType>();
  initializers: Initializer[] = [];
  body: Node[] = [];
  readonly blocks?: Blocks;
  readonly #known = new Map<string, string[]>();
  #count = 0;

  /** @param local inputs that get names of their own, where the graph stands within another */
  constructor(
    { channelBlock }: Dialect = {},
    readonly local: (input: string) => string = (input) => input,
  ) {
    if (channelBlock) this.blocks = new Blocks(channelBlock, this);
  }

  /** Writes the expressions and gives each its name. */
  write(outputs: Record<string, Expr>): this {
    const names = this.#writeAll(Object.values(outputs), new Map());
    const named = Object.entries(outputs).map(([name, expr]) => [name, names.get(expr)!] as const);
    if (this.blocks) this.#dropUnused(new Set(named.map(([, value]) => value)));
    this.#nameOutputs(named);
    return this;
  }

  #writeAll(outputs: readonly Expr[], names: Map<Expr, string>): ReadonlyMap<Expr, string> {
    for (const node of topological(outputs)) {
      if (names.has(node)) continue;
      const inputs = node.inputs.map((x) => names.get(x)!);
      names.set(node, node.op.onnx(this, inputs, node));
    }
    return names;
  }

  inline(operands: readonly (readonly [string, TensorType])[], body: (...x: Expr[]) => Expr): string {
    const stands = operands.map(([name, { shape, dtype }]) => input(name, shape, dtype));
    const y = body(...stands);
    return this.#writeAll([y], new Map(stands.map((x, i) => [x, operands[i][0]]))).get(y)!;
  }

  /** Leaves out what nothing came to need: copies in the plain layout of what is used in blocks alone, and their constants. */
  #dropUnused(needed: Set<string>): void {
    const kept = this.body.toReversed().filter(({ input, output }) => {
      if (!output.some((name) => needed.has(name))) return false;
      for (const name of input) needed.add(name);
      return true;
    });
    this.body = kept.toReversed();
    this.initializers = this.initializers.filter(({ name }) => needed.has(name));
  }

  input(name: string, type: TensorType): string {
    const before = this.inputs.get(name);
    if (before && (before.dtype !== type.dtype || String(before.shape) !== String(type.shape))) {
      throw new Error(`two inputs are called "${name}"`);
    }
    this.inputs.set(name, type);
    return this.local(name);
  }

  constant(data: ArrayLike<number>, shape: Shape, dtype: DType): string {
    const made = initializer(`c${this.#count}`, data, { shape, dtype });
    const { name, rawData: raw } = made;
    const key = raw.length <= 256 ? `${dtype}[${shape.join()}]=${raw.join()}` : undefined;
    const known = key && this.#known.get(key);
    if (known) return known[0];
    this.#count++;
    this.initializers.push(made);
    if (key) this.#known.set(key, [name]);
    return name;
  }

  ints(values: readonly number[]): string {
    return this.constant(values, [values.length], "int64");
  }

  node(opType: string, inputs: readonly string[], attributes: Record<string, OnnxAttribute> = {}): string {
    return this.nodes(opType, inputs, 1, attributes)[0];
  }

  nodes(
    opType: string,
    inputs: readonly string[],
    outputs: number,
    attributes: Record<string, OnnxAttribute> = {},
  ): string[] {
    const key = `${opType}(${inputs.join()})${JSON.stringify(attributes)}#${outputs}`;
    const known = this.#known.get(key);
    if (known) return known;
    const [name, domain = ""] = opType.split("@");
    const names = Array.from({ length: outputs }, () => `${name.toLowerCase()}${this.#count++}`);
    this.body.push({
      opType: name,
      domain,
      name: names[0],
      input: [...inputs],
      output: names,
      attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
    });
    this.#known.set(key, names);
    return names;
  }

  /**
   * Gives results their names. A result that a node makes takes the name there; one that is an input, a constant or an output
   * already is copied under its name.
   */
  #nameOutputs(outputs: readonly (readonly [name: string, value: string])[]): void {
    const made = new Set(this.body.flatMap((node) => node.output));
    const names = new Map<string, string>();
    for (const [name, value] of outputs) {
      if (this.inputs.has(name)) throw new Error(`"${name}" is the name of an input and of an output`);
      if (made.has(value) && !names.has(value)) names.set(value, name);
      else this.body.push({ opType: "Identity", name, input: [value], output: [name], attribute: [] });
    }
    for (const node of this.body) {
      node.input = renamed(node.input, names);
      node.output = renamed(node.output, names);
    }
  }
}

/** The outputs' names on the nodes that make them. */
function renamed(names: readonly string[], by: ReadonlyMap<string, string>): string[] {
  return names.map((name) => by.get(name) ?? name);
}

const typeOf = ({ shape, dtype }: TensorType): TensorType => ({ shape, dtype });

const typesOf = (outputs: Record<string, Expr>): Record<string, TensorType> =>
  Object.fromEntries(Object.entries(outputs).map(([name, x]) => [name, typeOf(x)]));

/** @param about further fields of the model */
export const modelBytes = (
  graph: object,
  { blocks }: GraphWriter,
  { opset, ir } = STEP_VERSION,
  about: object = {},
): Uint8Array =>
  onnx.ModelProto.encode(
    onnx.ModelProto.create({
      irVersion: ir,
      producerName: "losslab",
      opsetImport: [{ domain: "", version: opset }, ...(blocks?.used ? [{ domain: BLOCKS_DOMAIN, version: 1 }] : [])],
      graph,
      ...about,
    }),
  ).finish();

export interface OnnxModel {
  bytes: Uint8Array;
  inputs: Record<string, TensorType>;
  outputs: Record<string, TensorType>;
}

/**
 * Writes the expressions as one ONNX model.
 * @param outputs the results by name; names must differ from those of the inputs
 * @param dialect what the model may use beyond the standard; nothing unless said, so that any runtime can replay it
 */
export function emit(outputs: Record<string, Expr>, name = "losslab", dialect: Dialect = {}): OnnxModel {
  const writer = new GraphWriter(dialect).write(outputs);
  const types = typesOf(outputs);
  const graph = {
    name,
    node: writer.body,
    initializer: writer.initializers,
    input: [...writer.inputs].map(([input, type]) => valueInfo(input, type)),
    output: Object.entries(types).map(([output, type]) => valueInfo(output, type)),
  };
  const bytes = modelBytes(graph, writer);
  return { bytes, inputs: Object.fromEntries(writer.inputs), outputs: types };
}

/** Name of the loop's input that says how often the body runs, an int64 scalar. */
export const LOOP_COUNT = "count";

/**
 * Writes the expressions as the body of a loop, in one ONNX model: what is carried stays inside the runtime from one pass to the
 * next, without copies and without calls.
 * @param outputs what the body computes. `next.<name>` becomes the input `<name>` of the following pass and, after the last, the
 *   model's output; the others are stacked along a new first axis, one entry for each pass
 * @param iteration the body's input that counts the passes from 0, an int64 scalar
 * @returns the model; it has the further input `count`, and the types of the stacked outputs are those of one pass
 */
export function emitLoop(
  outputs: Record<string, Expr>,
  iteration: string,
  name = "losslab",
  dialect: Dialect = {},
): OnnxModel {
  const carried = Object.keys(outputs)
    .filter((output) => output.startsWith(NEXT))
    .map((output) => output.slice(NEXT.length));
  const stacked = Object.keys(outputs).filter((output) => !output.startsWith(NEXT));
  const inner = (value: string): string => `pass.${value}`;
  const isLocal = (value: string): boolean => value === iteration || carried.includes(value);
  const results = Object.fromEntries(Object.entries(outputs).map(([output, x]) => [inner(output), x]));
  const writer = new GraphWriter(dialect, (value) => (isLocal(value) ? inner(value) : value)).write(results);
  const types = typesOf(outputs);
  const order = [...carried.map((value) => NEXT + value), ...stacked];

  const condition: TensorType = { shape: [], dtype: "bool" };
  const body = {
    name: `${name} pass`,
    node: [
      ...writer.body,
      { opType: "Identity", name: "go on", input: ["pass.condition"], output: ["pass.go_on"], attribute: [] },
    ],
    initializer: writer.initializers,
    input: [
      valueInfo(inner(iteration), { shape: [], dtype: "int64" }),
      valueInfo("pass.condition", condition),
      ...carried.map((value) => valueInfo(inner(value), types[NEXT + value])),
    ],
    output: [valueInfo("pass.go_on", condition), ...order.map((value) => valueInfo(inner(value), types[value]))],
  };
  const fed = [...writer.inputs].filter(([value]) => !isLocal(value));
  const inputs: Record<string, TensorType> = {
    [LOOP_COUNT]: { shape: [], dtype: "int64" },
    ...Object.fromEntries(fed),
    ...Object.fromEntries(carried.map((value) => [value, types[NEXT + value]])),
  };
  const graph = {
    name,
    node: [
      {
        opType: "Loop",
        name: "loop",
        input: [LOOP_COUNT, "", ...carried],
        output: order,
        attribute: [{ name: "body", type: ATTRIBUTE.graph, g: body }],
      },
    ],
    input: Object.entries(inputs).map(([value, type]) => valueInfo(value, type)),
    output: order.map((value) => {
      const { shape, dtype } = types[value];
      return valueInfo(value, { dtype, shape: stacked.includes(value) ? [LOOP_COUNT, ...shape] : shape });
    }),
  };
  const bytes = modelBytes(graph, writer);
  return { bytes, inputs, outputs: types };
}

/** What the next pass of a loop begins with is called so. */
export const NEXT = "next.";
