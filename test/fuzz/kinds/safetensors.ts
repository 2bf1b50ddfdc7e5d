import fc from "fast-check";
import { decodeSafetensors, encodeSafetensors } from "../../../src/util/safetensors.ts";
import { clear, type Kind, mutatedBytes } from "../fuzz.ts";

const valid = encodeSafetensors(
  {
    w: { dtype: "F32", shape: [2, 3], data: new Float32Array(6) },
    n: { dtype: "I64", shape: [2], data: new BigInt64Array(2) },
  },
  { epoch: "3", ended: "{}" },
);
/** A file whose header is any JSON. */
const withHeader = (header: string): Uint8Array => {
  const json = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return new Uint8Array(Buffer.concat([length, json, Buffer.alloc(24)]));
};
const entry = fc.record(
  {
    dtype: fc.constantFrom("F32", "I64", "__proto__", "constructor", 7),
    shape: fc.oneof(fc.array(fc.constantFrom<unknown>(0, 1, 2, 6, -1, 1e15, "a")), fc.constant("no")),
    data_offsets: fc.array(fc.constantFrom<unknown>(0, 8, 24, -1, 2 ** 53, null), { maxLength: 3 }),
  },
  { requiredKeys: [] },
);

export const safetensors: Kind<Uint8Array> = {
  name: "safetensors",
  few: 200,
  many: 50_000,
  inputs: fc.oneof(
    mutatedBytes([valid]),
    fc
      .dictionary(fc.constantFrom("w", "__proto__", "__metadata__", "constructor"), fc.oneof(entry, fc.jsonValue()))
      .map((header) => withHeader(JSON.stringify(header))),
  ),
  attempt: (bytes) => clear(() => decodeSafetensors(bytes)),
};
