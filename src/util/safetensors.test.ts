import fc from "fast-check";
import { expect, test } from "vitest";
import { UserError } from "./errors.ts";
import { decodeSafetensors, encodeSafetensors, type SafeTensor } from "./safetensors.ts";

const text = (s: string) => new TextEncoder().encode(s);

/** A file with any header and any data. */
function file(header: string, data: number[] = [], headerLength = BigInt(text(header).length)): Uint8Array {
  return new Uint8Array([...new Uint8Array(new BigUint64Array([headerLength]).buffer), ...text(header), ...data]);
}

test("a file is what the format says, byte for byte", () => {
  const bytes = encodeSafetensors(
    { w: { dtype: "F32", shape: [2, 1], data: new Float32Array([1, -2]) } },
    { epoch: "3" },
  );
  const header = '{"__metadata__":{"epoch":"3"},"w":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}}';
  expect(bytes).toEqual(file(header.padEnd(88), [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]));
});

const dtypes: { [D in SafeTensor["dtype"]]: (n: number) => fc.Arbitrary<Extract<SafeTensor, { dtype: D }>["data"]> } = {
  F64: (n) => fc.float64Array({ minLength: n, maxLength: n }),
  I64: (n) => fc.bigInt64Array({ minLength: n, maxLength: n }),
  U64: (n) => fc.bigUint64Array({ minLength: n, maxLength: n }),
  F32: (n) => fc.float32Array({ minLength: n, maxLength: n }),
  I32: (n) => fc.int32Array({ minLength: n, maxLength: n }),
  U32: (n) => fc.uint32Array({ minLength: n, maxLength: n }),
  I16: (n) => fc.int16Array({ minLength: n, maxLength: n }),
  U16: (n) => fc.uint16Array({ minLength: n, maxLength: n }),
  I8: (n) => fc.int8Array({ minLength: n, maxLength: n }),
  U8: (n) => fc.uint8Array({ minLength: n, maxLength: n }),
};

const tensor = fc
  .tuple(
    fc.constantFrom(...(Object.keys(dtypes) as SafeTensor["dtype"][])),
    fc.array(fc.nat({ max: 4 }), { maxLength: 3 }),
  )
  .chain(([dtype, shape]) =>
    dtypes[dtype](shape.reduce((a, b) => a * b, 1)).map((data) => ({ dtype, shape, data }) as SafeTensor),
  );
const name = fc.oneof(fc.string({ unit: "binary" }), fc.constant("__proto__")).filter((s) => s !== "__metadata__");
const tensors = fc.dictionary(name, tensor, { maxKeys: 5, noNullPrototype: true });
const metadata = fc.dictionary(name, fc.string(), { maxKeys: 3, noNullPrototype: true });

test("what is written is read back", () => {
  fc.assert(
    fc.property(tensors, metadata, fc.nat({ max: 7 }), (tensors, metadata, shift) => {
      const bytes = encodeSafetensors(tensors, metadata);
      const shifted = Buffer.alloc(bytes.length + shift).subarray(shift); // a view into a larger buffer, as files are read
      shifted.set(bytes);
      const back = decodeSafetensors(shifted);
      expect(Object.entries(back.tensors).sort()).toEqual(Object.entries(tensors).sort());
      expect(Object.entries(back.metadata)).toEqual(Object.entries(metadata));
    }),
  );
});

test("damage gives a UserError or other numbers, never another error", () => {
  const change = fc.record({ at: fc.nat(), to: fc.integer({ min: 0, max: 255 }), cut: fc.boolean() });
  fc.assert(
    fc.property(tensors, metadata, fc.array(change, { minLength: 1, maxLength: 4 }), (tensors, metadata, changes) => {
      let bytes = encodeSafetensors(tensors, metadata);
      for (const { at, to, cut } of changes) {
        if (bytes.length === 0) break;
        if (cut) bytes = bytes.slice(0, at % bytes.length);
        else bytes[at % Math.min(bytes.length, 300)] = to; // mostly in the header, where damage matters
      }
      try {
        decodeSafetensors(bytes, "a.safetensors");
      } catch (error) {
        expect(error).toBeInstanceOf(UserError);
        expect((error as UserError).where).toBe("a.safetensors");
      }
    }),
    { numRuns: 500 },
  );
});

const entry = (shape: unknown, offsets: unknown, dtype: unknown = "U8") =>
  JSON.stringify({ dtype, shape, data_offsets: offsets });

test.each([
  ["too short", new Uint8Array(7), "7 bytes are too few"],
  ["huge header", file("{}", [], 2n ** 63n), "claims 9223372036854775808 bytes"],
  ["header beyond the end", file("{}", [], 3n), "claims 3 bytes of 2"],
  ["no JSON", file("{"), "not a JSON object"],
  ["an array", file("[]"), "not a JSON object"],
  ["metadata is a number", file('{"__metadata__":1}'), "__metadata__ is not an object"],
  ["metadata holds a number", file('{"__metadata__":{"a":1}}'), "more than texts"],
  ["tensor is a number", file('{"a":1}'), "tensor a is not described"],
  ["unknown dtype", file(`{"a":${entry([1], [0, 1], "toString")}}`, [0]), "dtype toString"],
  ["negative size", file(`{"a":${entry([-1], [0, 1])}}`, [0]), "shape [-1]"],
  ["overflowing size", file(`{"a":${entry([2 ** 53 - 1, 4096], [0, 1])}}`, [0]), "has 1 bytes"],
  ["one offset", file(`{"a":${entry([1], [0])}}`, [0]), "offsets [0]"],
  ["wrong size", file(`{"a":${entry([2], [0, 1])}}`, [0]), "has 1 bytes, expected 2"],
  ["a hole", file(`{"a":${entry([1], [1, 2])}}`, [0, 0]), "begins at 1, expected 0"],
  ["overlap", file(`{"a":${entry([2], [0, 2])},"b":${entry([2], [1, 3])}}`, [0, 0, 0]), "begins at 1, expected 2"],
  ["beyond the end", file(`{"a":${entry([2], [0, 2])}}`, [0]), "after the end"],
  ["trailing bytes", file(`{"a":${entry([1], [0, 1])}}`, [0, 0]), "1 bytes follow"],
])("%s is refused", (_, bytes, problem) => {
  expect(() => decodeSafetensors(bytes)).toThrow(UserError);
  expect(() => decodeSafetensors(bytes)).toThrow(problem);
});

test("a tensor that does not fit its description is not written", () => {
  const data = new Float32Array(3);
  expect(() => encodeSafetensors({ w: { dtype: "F32", shape: [2, 2], data } })).toThrow("tensor w: F32 [2,2]");
  expect(() => encodeSafetensors({ __metadata__: { dtype: "F32", shape: [3], data } })).toThrow("cannot be called");
});
