import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { zipSync } from "fflate";
import { idx } from "../../../src/data/fixtures.ts";
import type { Disk } from "../../../src/data/own/format.ts";
import { readFrom } from "../../../src/data/own/read.ts";
import { clear, type Kind, mutatedBytes } from "../fuzz.ts";

type Files = Record<string, Uint8Array>;

/** A disk with these files below `/own`; names may be any that a file system takes. */
function diskOf(files: Files): Disk {
  const paths = new Map(Object.entries(files).map(([name, bytes]) => [`/own/${name}`, bytes]));
  const isFolder = (path: string): boolean => [...paths.keys()].some((file) => file.startsWith(`${path}/`));
  return {
    stats: (path) => (paths.has(path) ? { isFolder: false, bytes: paths.get(path)!.length } : isFolder(path) ? { isFolder: true, bytes: 0 } : undefined),
    list: (folder) => [...new Set([...paths.keys()].flatMap((path) => (path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1).split("/")[0]] : [])))],
    read: (path) => paths.get(path)!,
    gunzip: (packed, most) => gunzipSync(packed, { maxOutputLength: most }),
    sha256: (parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest("hex"),
  }; // biome-ignore format: one line each
}

function npy(shape: readonly number[], values: Uint8Array, letters = "|u1"): Uint8Array {
  const text = `{'descr': '${letters}', 'fortran_order': False, 'shape': (${shape.join(", ")},), }`.padEnd(117);
  const header = Buffer.from(`\x93NUMPY\x01\x00\x76\x00${text}\n`, "latin1");
  return new Uint8Array(Buffer.concat([header, values]));
}

const bytes = (count: number): Uint8Array => Uint8Array.from({ length: count }, (_, i) => (i * 7) % 256);
const labels = Uint8Array.from({ length: 6 }, (_, i) => i % 2);
const arrays = { "x.npy": npy([6, 2, 2], bytes(24)), "y.npy": npy([6], labels) };
const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(join(import.meta.dirname, "../../../src/data/own/fixtures", name)));
const pictures = Object.keys(
  JSON.parse(readFileSync(join(import.meta.dirname, "../../../src/data/own/fixtures/pixels.json"), "utf8")) as object,
);
const text = (words: string): Uint8Array => new Uint8Array(Buffer.from(words));

/** One of a format's files is changed at a time, so that the others do not hide what becomes of it. */
const oneChanged = (files: Files, changed: keyof typeof files): fc.Arbitrary<Files> =>
  mutatedBytes([files[changed]]).map((bytes) => ({ ...files, [changed]: bytes }));

const folder = (names: readonly [string, string], file: Uint8Array): fc.Arbitrary<Files> =>
  mutatedBytes([file]).map((changed) => ({
    [`${names[0]}/1`]: file,
    [`${names[1]}/1`]: file,
    [`${names[1]}/2`]: changed,
  }));

const kind = (name: string, path: string, many: number, inputs: fc.Arbitrary<Files>): Kind<Files> => ({
  name,
  few: 40,
  many,
  inputs,
  attempt: (files) =>
    clear(() => {
      const { shape, train, classes } = readFrom(diskOf(files), path);
      const size = shape.reduce((a, b) => a * b, 1);
      if (size < 1 || train.images.length !== size * train.labels.length)
        throw new Error(`images do not fit the shape ${shape}`);
      if (train.labels.some((label) => label >= classes.length)) throw new Error("a label without a class");
      if (train.images instanceof Float32Array && !train.images.every(Number.isFinite))
        throw new Error("values that are no numbers");
    }),
});

const zipped = (files: Files): Uint8Array => zipSync(files);
const idxFiles = {
  "train-images-idx3-ubyte": new Uint8Array(idx([6, 2, 2], bytes(24))),
  "train-labels-idx1-ubyte": new Uint8Array(idx([6], labels)),
};
const packed = Object.fromEntries(
  Object.entries(idxFiles).map(([name, file]) => [`${name}.gz`, new Uint8Array(gzipSync(file))]),
);
const csv =
  `a,b,"the label"\n${Array.from({ length: 12 }, (_, i) => `${i},${i / 3},${i % 2 ? "odd" : "even"}`).join("\n")}\n`.replaceAll(
    '"the label"',
    "label",
  );

export const ownData: Kind<Files>[] = [
  kind("npy", "/own", 20_000, fc.oneof(oneChanged(arrays, "x.npy"), oneChanged(arrays, "y.npy"))),
  kind("npz", "/own/a.npz", 20_000, mutatedBytes([zipped(arrays), zipSync(arrays, { level: 0 })]).map((file) => ({ "a.npz": file }))),
  kind("idx", "/own", 20_000, fc.oneof(...Object.keys(idxFiles).map((name) => oneChanged(idxFiles, name)), ...Object.keys(packed).map((name) => oneChanged(packed, name)))),
  kind("csv", "/own/a.csv", 20_000, fc.oneof(mutatedBytes([text(csv), text(csv.replaceAll(",", ";")), text(`\ufeff${csv}`)]), fc.uint8Array({ maxLength: 100 })).map((file) => ({ "a.csv": file }))),
  kind("picture", "/own", 10_000, fc.constantFrom(...pictures).chain((name) => folder(["constructor", "__proto__"], fixture(name)))),
]; // biome-ignore format: one line each
