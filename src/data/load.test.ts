import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DatasetSource } from "./dataset.ts";
import { sha1, tar, toySource } from "./fixtures.ts";
import { datasetSource, loadDataset, locateDataset } from "./index.ts";
import { load } from "./load.ts";
import { type DataOptions, defaultCacheDir, locate } from "./locate.ts";
import { verify } from "./verify.ts";

let folder: string;
let options: DataOptions;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "losslab-data-"));
  options = { dataDir: join(folder, "mine"), cacheDir: join(folder, "cache"), offline: true };
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(path: string, bytes: Uint8Array): string {
  const full = join(folder, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, bytes);
  return full;
}

const { source: toy, packed } = toySource([]);
const contents = gunzipSync(packed);

/** A set like CIFAR: an archive of two members, the first for training. */
const archived = (members: Record<string, Uint8Array>): DatasetSource => ({
  ...toy,
  distinctNames: true,
  files: [
    {
      name: "toy-binary.tar.gz",
      bytes: 1,
      md5: "0",
      mirrors: [],
      unpacksTo: "toy-bin",
      members: Object.entries(members).map(([name, bytes]) => ({ name, bytes: bytes.length, sha1: sha1(bytes) })),
    },
  ],
  async decode(given) {
    const sets: Record<string, Uint8Array> = {};
    for await (const { name, contents: bytes } of given) sets[name] = new Uint8Array(bytes);
    const [train, test] = ["train.bin", "test.bin"].map((name) => ({ images: sets[name], labels: sets[name] }));
    return { train, test };
  },
});
const members = { "train.bin": Uint8Array.of(0, 1, 1, 0), "test.bin": Uint8Array.of(0, 1) };

describe("finding and loading", () => {
  it.each([
    ["packed", "mine/toy/toy.gz", packed],
    ["in another folder of its name", "mine/toys/toy.gz", packed],
    ["unpacked", "mine/toy/toy", contents],
    ["under another name, unpacked", "mine/toy/to.y", contents],
    ["under another name, packed", "mine/toy/to.y.gz", packed],
    ["unzipped by a browser that kept the name", "mine/toy/toy.gz", contents],
    ["packed anew", "mine/toy/toy.gz", gzipSync(contents, { level: 0 })],
    ["in the data directory itself, if it has the official size", "mine/toy.gz", packed],
    ["in the cache", "cache/toy/toy.gz", packed],
  ])("reads a file that is %s", async (_, path, bytes) => {
    const full = put(path, bytes);
    expect(locate(toy, options).files[0].paths).toEqual([full]);
    const { train, test } = await load(toy, options);
    expect([...train.labels, ...test.images]).toEqual([...contents]);
  });

  it("takes a data directory named after the set as the set's own", () => {
    const full = put("toys/toy", contents);
    expect(locate(toy, { ...options, dataDir: join(folder, "toys") }).files[0].paths).toEqual([full]);
  });

  it("leaves a file of that name in the data directory itself alone if it may belong to another set", () => {
    put("mine/toy.gz", gzipSync(contents, { level: 0 }));
    expect(locate(toy, options).missing).toEqual(toy.files);
  });

  it("prefers the user's own file to the cache's", () => {
    put("cache/toy/toy.gz", packed);
    const own = put("mine/toy/toy", contents);
    expect(locate(toy, options).files[0].paths).toEqual([own]);
  });

  it("says where it looked", () => {
    expect(locate(toy, options).searched).toEqual(
      ["mine/toy", "mine/toys", "mine", "cache/toy", "cache/toys", "cache"].map((path) => join(folder, path)),
    );
  });

  it("reads an archive whatever else is in it, unpacked or not", async () => {
    const source = archived(members);
    const bytes = await tar({ "toy-bin/readme.html": contents, "toy-bin/test.bin": members["test.bin"], ...members });
    const versions: string[] = [];
    for (const [path, packing] of [
      ["mine/toy-binary.tar.gz", gzipSync(bytes)],
      ["mine/toy/toy-binary.tar", bytes],
    ] as const) {
      const full = put(path, packing);
      expect(locate(source, options).files[0]).toMatchObject({ paths: [full], unpacked: false });
      versions.push((await load(source, options)).version);
      rmSync(full);
    }
    for (const [name, member] of Object.entries(members)) put(`mine/toy/toy-bin/${name}`, member);
    expect(locate(source, options).files[0].unpacked).toBe(true);
    versions.push((await load(source, options)).version);
    expect(new Set(versions).size).toBe(1);
  });

  it("identifies a set by pixels and labels, whatever the packing", async () => {
    const full = put("mine/toy/toy.gz", packed);
    const { version } = await load(toy, options);
    expect(version).toMatch(/^[0-9a-f]{64}$/);
    put("mine/toy/toy.gz", gzipSync(contents, { level: 0 }));
    expect((await load(toy, options)).version).toBe(version);
    writeFileSync(full, Uint8Array.of(0, 1, 1, 0, 1, 1));
    expect((await load(toy, options)).version).not.toBe(version);
  });

  it.each([
    ["too few images", Uint8Array.of(0, 1, 1), "toy: 1 training examples, expected 4"],
    ["a label that is no class", Uint8Array.of(0, 1, 2, 0, 1, 1), "toy: training image 2 has label 2, expected 0 to 1"],
    ["a broken packing", packed.subarray(0, 12), "file is damaged: unexpected end of file"],
  ])("refuses %s", async (_, bytes, message) => {
    put("mine/toy/toy.gz", bytes);
    await expect(load(toy, options)).rejects.toThrow(expect.objectContaining({ name: "UserError", message }));
  });

  it("refuses an archive that is broken or lacks a member", async () => {
    const source = archived(members);
    const whole = gzipSync(await tar(members));
    put("mine/toy-binary.tar.gz", whole.subarray(0, whole.length - 30));
    await expect(load(source, options)).rejects.toThrow("file is damaged: unexpected end of file");
    put("mine/toy-binary.tar.gz", gzipSync(await tar({ "train.bin": members["train.bin"] })));
    await expect(load(source, options)).rejects.toThrow("archive lacks test.bin");
  });
});

describe("verify", () => {
  const states = async (source: DatasetSource): Promise<string[]> =>
    (await verify(source, options)).map(({ state, contents: inside }) => `${state} ${inside}`);

  it.each([
    ["the official file", packed, "ok ok"],
    ["another packing", gzipSync(contents, { level: 0 }), "differs ok"],
    ["unpacked", contents, "ok ok"],
    ["other contents", gzipSync(Uint8Array.of(1)), "differs differs"],
    ["other contents, unpacked", Uint8Array.of(1), "differs differs"],
  ])("%s", async (_, bytes, expected) => {
    expect(await states(toy)).toEqual(["missing missing"]);
    put("mine/toy/toy.gz", bytes);
    expect(await states(toy)).toEqual([expected]);
  });

  it("says that an archive packed anew has the official contents", async () => {
    put("mine/toy-binary.tar.gz", gzipSync(await tar(members)));
    const [{ note }] = await verify(archived(members), options);
    expect(note).toMatch(/^differs from the official archive \(MD5 .*\); its contents are the official ones$/);
    put("mine/toy-binary.tar.gz", gzipSync(await tar({ ...members, "test.bin": Uint8Array.of(1) })));
    const [{ note: wrong }] = await verify(archived(members), options);
    expect(wrong).toMatch(/its contents differ: test\.bin$/);
  });

  it("admits when it cannot know", async () => {
    const [file] = toy.files;
    const unknown = { ...toy, files: [{ ...file, members: [{ ...file.members[0], sha1: undefined }] }] };
    put("mine/toy/toy.gz", contents);
    expect(await states(unknown)).toEqual(["unknown unknown"]);
    put("mine/toy/toy.gz", gzipSync(contents, { level: 0 }));
    expect(await states(unknown)).toEqual(["differs unknown"]);
  });
});

describe("by name", () => {
  it("loads the embedded digits without a file", async () => {
    const digits = await loadDataset("digits", options);
    expect(digits.version).toBe("digits-1");
    expect(digits.train.labels).toHaveLength(10_000);
    expect(digits.test.images).toHaveLength(2_000 * 28 * 28);
    expect(locateDataset("digits", options)).toMatchObject({ files: [], missing: [], searched: [] });
  });

  it("offers the nearest name for a mistyped one", async () => {
    await expect(loadDataset("cifar-10")).rejects.toThrow(
      expect.objectContaining({ message: 'unknown data set "cifar-10"', hint: 'did you mean "cifar10"?' }),
    );
    expect(() => datasetSource("toString")).toThrow("unknown data set");
  });

  it("keeps its cache where the system wants caches", () => {
    const before = process.env.XDG_CACHE_HOME;
    try {
      process.env.XDG_CACHE_HOME = "/var/caches";
      expect(defaultCacheDir()).toBe(join("/var/caches", "losslab", "data"));
      process.env.XDG_CACHE_HOME = "relative";
      expect(defaultCacheDir()).toMatch(/\.cache.losslab.data$/);
    } finally {
      if (before === undefined) delete process.env.XDG_CACHE_HOME;
      else process.env.XDG_CACHE_HOME = before;
    }
  });
});
