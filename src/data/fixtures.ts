/** Tiny data sets in the real formats, for the tests. */
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import type { DataFile, DatasetSource, MemberContents } from "./dataset.ts";

export const md5 = (bytes: Uint8Array): string => createHash("md5").update(bytes).digest("hex");
export const sha1 = (bytes: Uint8Array): string => createHash("sha1").update(bytes).digest("hex");

/** An IDX file of unsigned bytes. */
export function idx(sizes: number[], values: ArrayLike<number>): Buffer {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.writeUInt32BE(0x0800 + sizes.length, 0);
  sizes.forEach((size, axis) => {
    header.writeUInt32BE(size, 4 + 4 * axis);
  });
  return Buffer.concat([header, Buffer.from(Array.from(values))]);
}

export type NpyValues = Uint8Array | Int32Array | Float32Array | Float64Array | BigInt64Array;
const NPY_LETTERS = new Map<unknown, string>([
  [Uint8Array, "|u1"],
  [Int32Array, "<i4"],
  [Float32Array, "<f4"],
  [Float64Array, "<f8"],
  [BigInt64Array, "<i8"],
]);

/** An .npy file as NumPy writes it. */
export function npy(shape: readonly number[], values: NpyValues): Uint8Array {
  const text = `{'descr': '${NPY_LETTERS.get(values.constructor)}', 'fortran_order': False, 'shape': (${shape.join(", ")}${shape.length === 1 ? "," : ""}), }`;
  const length = Math.ceil((11 + text.length) / 64) * 64 - 10;
  const header = Buffer.from(`\x93NUMPY\x01\x00\x00\x00${text.padEnd(length - 1)}\n`, "latin1");
  header.writeUInt16LE(length, 8);
  return Buffer.concat([header, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)]);
}

export async function tar(files: Record<string, Uint8Array>): Promise<Buffer> {
  const archive = pack();
  for (const [name, contents] of Object.entries(files)) archive.entry({ name }, Buffer.from(contents));
  archive.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export async function* membersOf(contents: Record<string, Uint8Array>): AsyncGenerator<MemberContents> {
  for (const [name, bytes] of Object.entries(contents)) yield { name, where: name, contents: bytes };
}

/** A set of two classes and one-pixel images, whose only file `toy.gz` holds 4 training and 2 test labels, which are its pixels too. */
export function toySource(
  mirrors: string[],
  change: Partial<DatasetSource> = {},
): { source: DatasetSource; packed: Buffer } {
  const contents = Buffer.from([0, 1, 1, 0, 0, 1]);
  const packed = gzipSync(contents);
  const file: DataFile = {
    name: "toy.gz",
    bytes: packed.length,
    md5: md5(packed),
    mirrors,
    members: [{ name: "toy", aliases: ["to.y"], bytes: contents.length, sha1: sha1(contents) }],
  };
  const source: DatasetSource = {
    name: "toy",
    title: "Toy",
    classes: ["a", "b"],
    shape: [1, 1, 1],
    trainCount: 4,
    testCount: 2,
    licence: "none",
    homepage: "https://example.org/toy",
    citation: "none",
    folders: ["toy", "toys"],
    distinctNames: false,
    files: [file],
    async decode(members) {
      for await (const { contents: bytes } of members) {
        const labels = new Uint8Array(bytes);
        return {
          train: { images: labels.slice(0, -2), labels: labels.slice(0, -2) },
          test: { images: labels.slice(-2), labels: labels.slice(-2) },
        };
      }
      throw new Error("no member");
    },
    ...change,
  };
  return { source, packed };
}
