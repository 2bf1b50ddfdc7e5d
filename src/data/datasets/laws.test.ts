import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { datasets } from "../index.ts";
import * as sources from "./index.ts";

describe.each(Object.values(datasets))("$name", (source) => {
  it("is exported from a file of its name", () => {
    expect(readdirSync(import.meta.dirname)).toContain(`${source.name}.ts`);
  });

  it("names its classes, each once, few enough for a byte", () => {
    expect(new Set(source.classes).size).toBe(source.classes.length);
    expect(source.classes.length).toBeLessThanOrEqual(256);
  });

  it("says where it comes from", () => {
    for (const text of [source.title, source.licence, source.homepage, source.citation]) expect(text).not.toBe("");
  });

  it("is either embedded, with a version, or made of files with checksums and mirrors", () => {
    expect(source.version === undefined).toBe(source.files.length > 0);
    expect(source.folders.length > 0).toBe(source.files.length > 0);
    for (const { name, bytes, md5, mirrors, members } of source.files) {
      expect(md5).toMatch(/^[0-9a-f]{32}$/);
      expect(bytes).toBeGreaterThan(0);
      expect(mirrors.length).toBeGreaterThanOrEqual(2);
      for (const mirror of mirrors) expect(new URL(mirror).pathname.endsWith(`/${name}`)).toBe(true);
      for (const { sha1 } of members) if (sha1) expect(sha1).toMatch(/^[0-9a-f]{40}$/);
    }
  });

  it("has room for its images in its files, and for little else", () => {
    const values = source.shape.reduce((a, b) => a * b, 1);
    const images = source.trainCount + source.testCount;
    const total = source.files.flatMap(({ members }) => members).reduce((sum, { bytes }) => sum + bytes, 0);
    const extra = total - images * (values + 1);
    // Headers, and CIFAR-100's coarse label of each image.
    if (source.files.length > 0) expect(extra).toBeGreaterThanOrEqual(0);
    expect(extra).toBeLessThanOrEqual(images + 1000);
  });
});

describe("the list", () => {
  it("has every name once", () => {
    expect(Object.keys(datasets)).toHaveLength(Object.keys(sources).length);
  });

  it("runs in a browser: neither the sources nor what they need imports anything of Node's", () => {
    const pending = ["datasets/index.ts", "split.ts", "preprocess.ts"].map((name) =>
      join(import.meta.dirname, "..", name),
    );
    const seen = new Set<string>();
    for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
      if (seen.has(file)) continue;
      seen.add(file);
      for (const [, imported] of readFileSync(file, "utf8").matchAll(/ from "([^"]+)"/g)) {
        expect(imported, file).toMatch(/^\./);
        pending.push(join(dirname(file), imported));
      }
    }
    expect(seen.size).toBeGreaterThan(10);
  });
});
