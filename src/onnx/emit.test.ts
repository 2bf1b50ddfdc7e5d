import onnxProto from "onnx-proto";
import { describe, expect, it } from "vitest";
import { nodeBackend } from "../run/node-backend.ts";
import {
  add,
  constant,
  conv2d,
  type Expr,
  exp,
  grad,
  input,
  maxPool,
  mul,
  relu,
  reshape,
  sum,
} from "../tensor/index.ts";
import { emit, type OnnxModel } from "./emit.ts";

const { onnx } = onnxProto;
const nodes = (model: OnnxModel): string[] =>
  onnx.ModelProto.decode(model.bytes).graph!.node!.map((node) => node.opType as string);

const backend = nodeBackend();

async function run(
  outputs: Record<string, Expr>,
  feeds: Record<string, number[]> = {},
): Promise<Record<string, number[]>> {
  const model = emit(outputs);
  const session = await backend.session(model.bytes);
  const given = Object.entries(model.inputs).map(([name, { shape }]) => [
    name,
    backend.tensor("float32", Float32Array.from(feeds[name]), shape),
  ]);
  const results = await session.run(Object.fromEntries(given));
  await session.release();
  return Object.fromEntries(
    Object.entries(results).map(([name, { data }]) => [name, Array.from(data as Float32Array)]),
  );
}

const x = input("x", [2]);

describe("emit", () => {
  it("writes a model that a runtime loads, with named and typed inputs and outputs", async () => {
    const model = emit({ y: add(exp(x), 1), n: reshape(x, [1, 2]) });
    expect(model.inputs).toMatchObject({ x: { shape: [2], dtype: "float32" } });
    expect(model.outputs).toEqual({ y: { shape: [2], dtype: "float32" }, n: { shape: [1, 2], dtype: "float32" } });
    const { graph, opsetImport, producerName } = onnx.ModelProto.decode(model.bytes);
    expect(graph!.output!.map(({ name }) => name)).toEqual(["y", "n"]);
    expect(Number(opsetImport![0].version)).toBe(20);
    expect(producerName).toBe("losslab");
    expect(await run({ y: add(exp(x), 1) }, { x: [0, 0] })).toEqual({ y: [2, 2] });
  });

  it("gives equal bytes for equal expressions", () => {
    const make = () => emit({ y: sum(mul(add(input("x", [2]), 3), constant([1, 2]))) }).bytes;
    expect(make()).toEqual(make());
  });

  it("writes equal nodes and equal constants once", () => {
    const twice = add(mul(exp(x), 3), mul(exp(x), 3));
    const model = emit({ y: twice });
    expect(nodes(model)).toEqual(["Exp", "Mul", "Add"]);
    const { initializer } = onnx.ModelProto.decode(model.bytes).graph!;
    expect(initializer).toHaveLength(1);
  });

  it("writes no node and no constant that nothing needs, in blocks of channels either", () => {
    const attributes = { stride: [1, 1], padding: [1, 1], dilation: [1, 1], groups: 1 } as const;
    const pool = { kernel: [2, 2], stride: [2, 2], padding: [0, 0] } as const;
    const [images, w1, w2] = [input("images", [2, 1, 8, 8]), input("w1", [16, 1, 3, 3]), input("w2", [24, 16, 3, 3])];
    const first = maxPool(relu(conv2d(images, w1, attributes)), pool);
    const y = sum(maxPool(relu(conv2d(first, w2, attributes)), pool));
    const [dw1, dw2] = grad(y, [w1, w2]);
    const { graph } = onnx.ModelProto.decode(emit({ y, dw1, dw2 }, "training", { channelBlock: 16 }).bytes);
    const used = new Set([...graph!.node!.flatMap((node) => node.input!), ...graph!.output!.map(({ name }) => name!)]);
    expect(graph!.initializer!.length).toBeGreaterThan(10);
    expect(graph!.initializer!.filter(({ name }) => !used.has(name!))).toEqual([]);
    expect(graph!.node!.filter(({ output }) => !output!.some((name) => used.has(name)))).toEqual([]);
  });

  it("names results that are inputs, constants, or the same expression twice", async () => {
    const y = mul(x, 2);
    const outputs = { same: x, fixed: constant([7, 8]), y, again: y };
    expect(await run(outputs, { x: [1, 2] })).toEqual({ same: [1, 2], fixed: [7, 8], y: [2, 4], again: [2, 4] });
  });

  it("keeps a result that is also used inside", async () => {
    const y = mul(x, 2);
    expect(await run({ y, z: add(y, 1) }, { x: [1, 2] })).toEqual({ y: [2, 4], z: [3, 5] });
  });

  it("writes graphs that are too deep for recursion", () => {
    let deep: Expr = x;
    for (let i = 0; i < 20_000; i++) deep = add(deep, input("one", []));
    expect(nodes(emit({ deep }))).toHaveLength(20_000);
  });

  it("refuses two inputs of one name, and a name for both an input and an output", () => {
    expect(() => emit({ y: add(x, input("x", [1])) })).toThrow('two inputs are called "x"');
    expect(() => emit({ x: exp(x) })).toThrow('"x" is the name of an input and of an output');
  });
});
