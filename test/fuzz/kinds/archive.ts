import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { decodeCifar } from "../../../src/data/cifar.ts";
import type { DataFile } from "../../../src/data/dataset.ts";
import { tar } from "../../../src/data/fixtures.ts";
import { readMembers } from "../../../src/data/members.ts";
import { clear, type Kind, mutatedBytes } from "../fuzz.ts";

const RECORD = 1 + 3 * 32 * 32;
const names = ["a.bin", "b.bin"];
const layout = { labelBytes: 1, label: 0, train: { "a.bin": 2 }, test: { "b.bin": 1 } };
const contents = { "x/../../a.bin": new Uint8Array(2 * RECORD), "b.bin": new Uint8Array(RECORD) };
const plain = new Uint8Array(await tar(contents));
const folder = mkdtempSync(join(tmpdir(), "losslab-fuzz-"));
const path = join(folder, "set.tar.gz");
const file: DataFile = {
  name: "set.tar.gz",
  bytes: 1,
  md5: "",
  mirrors: [],
  members: names.map((name) => ({ name, bytes: 2 * RECORD })),
};

/** Archives of published data sets, unpacked in memory. */
export const archive: Kind<Uint8Array> = {
  name: "archive",
  few: 30,
  many: 5000,
  inputs: fc.oneof(
    mutatedBytes([plain, new Uint8Array(gzipSync(plain))]),
    mutatedBytes([plain]).map((changed) => new Uint8Array(gzipSync(changed))),
  ),
  async attempt(bytes) {
    writeFileSync(path, bytes);
    await clear(() => decodeCifar(readMembers([{ file, paths: [path], unpacked: false }]), layout));
  },
  async end() {
    rmSync(folder, { recursive: true, force: true });
  },
};
