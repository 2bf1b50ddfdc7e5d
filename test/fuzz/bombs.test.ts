/** Inputs that are made to exhaust a reader: refused with a clear error, before they take much time or memory. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync, gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readClaims } from "../../src/claims/claim.ts";
import type { DataFile } from "../../src/data/dataset.ts";
import { tar } from "../../src/data/fixtures.ts";
import { readMembers } from "../../src/data/members.ts";
import { readOwn } from "../../src/data/own/disk.ts";
import { checkStudy, readYaml, withSetting } from "../../src/study/parse.ts";
import { UserError } from "../../src/util/errors.ts";
import { decodeSafetensors } from "../../src/util/safetensors.ts";
import { zoo } from "../../src/zoo/index.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "losslab-bombs-"));
});
afterAll(() => rmSync(folder, { recursive: true }));
const put = (name: string, bytes: Uint8Array | string): string => {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, bytes);
  return path;
};

/** The message of the UserError that `read` ends with; at most 300 MB more are held then. */
function refused(read: () => unknown): string {
  const before = process.memoryUsage().rss;
  let message = "was not refused";
  try {
    read();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    message = error.message;
  }
  expect(process.memoryUsage().rss - before).toBeLessThan(300e6);
  return message;
}

describe("a study", () => {
  const read = (text: string) => checkStudy(readYaml(text, "study.yaml"), [], zoo);

  test("with aliases of aliases", () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) => `a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(", ")}]`,
    );
    expect(refused(() => read(`name: x\na0: &a0 [1]\n${levels.join("\n")}\n`))).toContain(
      "aliases that cannot be followed",
    );
  });

  test("within itself", () => {
    expect(refused(() => read("name: x\nloss: &a [ce, *a]\n"))).toMatch(/levels within each other|aliases/);
  });

  test("of a hundred thousand levels", () => {
    for (const text of [
      "[".repeat(1e5),
      `name: x\nloss: ${'{"a":'.repeat(1e5)}`,
      `${"- ".repeat(1e5)}a`,
      "? ".repeat(1e5),
    ])
      expect(refused(() => read(text))).not.toBe("was not refused");
  });

  test("of more combinations than can be trained", () => {
    const list = `[${Array.from({ length: 200 }, (_, i) => i + 1).join(", ")}]`;
    const text = `name: x\nloss: { symmetricCe: { alpha: ${list}, beta: ${list} } }\n`;
    expect(refused(() => read(text))).toContain("combinations");
  });

  test("with names as long as books, and very many mistakes", () => {
    expect(refused(() => read(`name: x\nloss: [${`${"x".repeat(1e6)}, `.repeat(3)}ce]\n`))).toContain(
      "there is no loss",
    );
    const many = Array.from({ length: 5000 }, (_, i) => `x${i}`).join(", ");
    expect(refused(() => read(`name: x\nloss: [${many}]\n`))).toContain("there is no loss");
  });

  test("whose settings name places far behind a list's end, or none", () => {
    for (const setting of ["loss[4000000000]=ce", "loss.length=4000000000", "loss[2]=ce", "seeds[0]=1", "name[0]=a"])
      expect(refused(() => withSetting({ loss: ["ce"], name: "x", seeds: 3 }, setting))).not.toBe("was not refused");
    expect(withSetting({ loss: ["ce"] }, "loss[1]=mae")).toEqual({ loss: ["ce", "mae"] });
    expect(refused(() => withSetting({}, "loss=&a [*a]"))).toContain("the value");
  });

  test("whose formulas and claims stand in brackets without end", () => {
    for (const n of [900, 1e6]) {
      const expression = `${"(".repeat(n)}p${")".repeat(n)}`;
      expect(refused(() => read(`name: x\nloss: { formula: "${expression}" }\n`))).toMatch(
        /characters|brackets|levels/,
      );
    }
    const { problems } = readClaims([{ id: "A", claim: "x", test: `accuracy(${"[".repeat(1e6)}` }]);
    expect(problems[0].message).toContain("characters");
  });
});

describe("data", () => {
  const zeros = Buffer.alloc(64e6);
  const bomb = gzipSync(Buffer.concat([gzipSync(zeros), Buffer.alloc(0)])); // packed twice
  const file: DataFile = { name: "a.gz", bytes: 1, md5: "", mirrors: [], members: [{ name: "a", bytes: 1000 }] };
  const members = async (path: string, of = file): Promise<string> => {
    try {
      for await (const _ of readMembers([{ file: of, paths: [path], unpacked: false }]));
    } catch (error) {
      if (error instanceof UserError) return error.message;
      throw error;
    }
    return "was not refused";
  };

  test("that grow beyond the official file are not unpacked", async () => {
    expect(await members(put("a.gz", gzipSync(zeros)))).toContain("file is damaged");
    expect(await members(put("b.gz", bomb))).not.toContain("Error:");
  });

  test("in archives whose members are too large are not unpacked", async () => {
    const two = { ...file, members: [...file.members, { name: "b", bytes: 10 }] };
    expect(await members(put("a.tar.gz", gzipSync(await tar({ a: zeros, b: new Uint8Array(10) }))), two)).toContain(
      "would be 64000000 bytes long",
    );
  });

  test("whose headers promise what no machine has are refused", () => {
    const header = `{'descr': '|u1', 'fortran_order': False, 'shape': (4000000000, 4000000000, 3), }`.padEnd(117);
    const npy = Buffer.concat([Buffer.from(`\x93NUMPY\x01\x00\x76\x00${header}\n`, "latin1"), Buffer.alloc(10)]);
    put("npy/x.npy", npy);
    put("npy/y.npy", npy);
    expect(refused(() => readOwn(join(folder, "npy")))).toContain("is cut off");
    const lying = Buffer.from(zipSync({ "x.npy": new Uint8Array(100) }));
    for (let at = lying.indexOf("PK\x01\x02"); at >= 0; at = -1) lying.writeUInt32LE(0xfffffff0, at + 24); // the size in the directory
    expect(refused(() => readOwn(put("lying.npz", lying)))).toMatch(/would take|damaged|cannot be read/);
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(2n ** 60n);
    expect(refused(() => decodeSafetensors(Buffer.concat([length, Buffer.alloc(50)])))).toContain("the header claims");
  });

  test("that are a PNG of one pixel by its header and of millions by its contents are not inflated", () => {
    const chunk = (type: string, data: Uint8Array): Buffer => {
      const size = Buffer.alloc(4);
      size.writeUInt32BE(data.length);
      return Buffer.concat([size, Buffer.from(type), data, Buffer.alloc(4)]);
    };
    const ihdr = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
    const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    const png = Buffer.concat([
      signature,
      chunk("IHDR", ihdr),
      chunk("IDAT", deflateSync(zeros)),
      chunk("IEND", Buffer.alloc(0)),
    ]);
    put("png/a/1.png", png);
    put("png/b/1.png", png);
    expect(refused(() => readOwn(join(folder, "png")))).toContain("holds more pixels than its header says");
  });

  test("whose classes are called as what every object has are classes", () => {
    const pixel = Buffer.from(
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==",
      "base64",
    );
    for (const name of ["constructor", "__proto__", "valueOf"]) put(`names/${name}/1.png`, pixel);
    expect(readOwn(join(folder, "names")).classes).toEqual(["__proto__", "constructor", "valueOf"]);
  });

  test("whose examples hold no values are refused", () => {
    const empty = (shape: string): Buffer => {
      const header = `{'descr': '|u1', 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117);
      return Buffer.from(`\x93NUMPY\x01\x00\x76\x00${header}\n`, "latin1");
    };
    put("empty/x.npy", empty("(2, 0)"));
    put("empty/y.npy", Buffer.concat([empty("(2,)"), Buffer.from([0, 1])]));
    expect(refused(() => readOwn(join(folder, "empty")))).toContain("hold no values");
  });
});
