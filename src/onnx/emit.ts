/** Expressions to an ONNX model. Alone here knows the format; any ONNX runtime, in any language, can replay the result. */
import onnxProto from "onnx-proto";
import type { Emitter, OnnxAttribute } from "../tensor/emitter.ts";
import { type DType, type Expr, type Shape, type TensorType, topological } from "../tensor/expr.ts";

const { onnx } = onnxProto;
const OPSET = 20;
const IR_VERSION = 9;

const ELEMENT_TYPE: Record<DType, number> = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9 };
const ATTRIBUTE = { float: 1, int: 2, string: 3, ints: 7 } as const;

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

function attribute(name: string, value: OnnxAttribute): object {
  if ("int" in value) return { name, type: ATTRIBUTE.int, i: value.int };
  if ("float" in value) return { name, type: ATTRIBUTE.float, f: value.float };
  if ("ints" in value) return { name, type: ATTRIBUTE.ints, ints: [...value.ints] };
  return { name, type: ATTRIBUTE.string, s: new TextEncoder().encode(value.string) };
}

const valueInfo = (name: string, { shape, dtype }: TensorType): object => ({
  name,
  type: { tensorType: { elemType: ELEMENT_TYPE[dtype], shape: { dim: shape.map((dimValue) => ({ dimValue })) } } },
});

/** What has been written so far; equal nodes and equal constants are written once. */
class ModelWriter implements Emitter {
  readonly inputs = new Map<string, TensorType>();
  readonly initializers: object[] = [];
  readonly body: { opType: string; name: string; input: string[]; output: string[]; attribute: object[] }[] = [];
  readonly #known = new Map<string, string[]>();
  #count = 0;

  input(name: string, type: TensorType): string {
    const before = this.inputs.get(name);
    if (before && (before.dtype !== type.dtype || String(before.shape) !== String(type.shape))) {
      throw new Error(`two inputs are called "${name}"`);
    }
    this.inputs.set(name, type);
    return name;
  }

  constant(data: ArrayLike<number>, shape: Shape, dtype: DType): string {
    const raw = tensorBytes(data, dtype);
    const key = raw.length <= 256 ? `${dtype}[${shape.join()}]=${raw.join()}` : undefined;
    const known = key && this.#known.get(key);
    if (known) return known[0];
    const name = `c${this.#count++}`;
    this.initializers.push({ name, dims: [...shape], dataType: ELEMENT_TYPE[dtype], rawData: raw });
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
    const names = Array.from({ length: outputs }, () => `${opType.toLowerCase()}${this.#count++}`);
    this.body.push({
      opType,
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
  nameOutputs(outputs: readonly (readonly [name: string, value: string])[]): void {
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

export interface OnnxModel {
  bytes: Uint8Array;
  inputs: Record<string, TensorType>;
  outputs: Record<string, TensorType>;
}

/**
 * Writes the expressions as one ONNX model.
 * @param outputs the results by name; names must differ from those of the inputs
 */
export function emit(outputs: Record<string, Expr>, graphName = "losslab"): OnnxModel {
  const writer = new ModelWriter();
  const names = new Map<Expr, string>();
  for (const node of topological(Object.values(outputs))) {
    const inputs = node.inputs.map((x) => names.get(x)!);
    names.set(node, node.op.onnx(writer, inputs, node));
  }
  writer.nameOutputs(Object.entries(outputs).map(([name, expr]) => [name, names.get(expr)!]));
  const types = Object.fromEntries(
    Object.entries(outputs).map(([name, { shape, dtype }]) => [name, { shape, dtype }]),
  ) as Record<string, TensorType>;
  const model = onnx.ModelProto.create({
    irVersion: IR_VERSION,
    producerName: "losslab",
    opsetImport: [{ domain: "", version: OPSET }],
    graph: {
      name: graphName,
      node: writer.body,
      initializer: writer.initializers,
      input: [...writer.inputs].map(([name, type]) => valueInfo(name, type)),
      output: Object.entries(types).map(([name, type]) => valueInfo(name, type)),
    },
  });
  return { bytes: onnx.ModelProto.encode(model).finish(), inputs: Object.fromEntries(writer.inputs), outputs: types };
}
