import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DataFile } from "./dataset.ts";
import { DownloadFailed, download } from "./download.ts";
import { md5, toySource } from "./fixtures.ts";
import { fetchMissing, load } from "./load.ts";
import type { DownloadProgress } from "./locate.ts";

const contents = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * i) % 251));

let folder: string;
let server: Server;
let address: string;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let requests: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "losslab-download-"));
  requests = [];
  server = createServer((request, response) => {
    requests.push(`${request.url} ${request.headers.range ?? "all"}`);
    answer(request, response);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  rmSync(folder, { recursive: true });
});

const fileAt = (...mirrors: string[]): DataFile => ({
  name: "file.bin",
  bytes: contents.length,
  md5: md5(contents),
  mirrors: mirrors.map((path) => address + path),
  members: [{ name: "file", bytes: contents.length }],
});
const target = (): string => join(folder, "cache", "file.bin");

/** A server that honours ranges. */
function serve(request: IncomingMessage, response: ServerResponse, body: Uint8Array = contents): void {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  const headers: Record<string, string | number> = { "content-length": body.length - from };
  if (from > 0) headers["content-range"] = `bytes ${from}-${body.length - 1}/${body.length}`;
  response.writeHead(from > 0 ? 206 : 200, headers).end(body.subarray(from));
}

/** Sends the beginning and then breaks the connection. */
function breakOff(response: ServerResponse, sent: number): void {
  response.writeHead(200, { "content-length": contents.length });
  response.write(contents.subarray(0, sent), () => setTimeout(() => response.destroy(), 200));
}

describe("download", () => {
  it("stores the verified file and reports how far it is", async () => {
    answer = serve;
    const progress: DownloadProgress[] = [];
    await download(fileAt("/a"), target(), { onProgress: (p) => progress.push(p) });
    expect(readFileSync(target())).toEqual(contents);
    expect(existsSync(`${target()}.part`)).toBe(false);
    expect(progress.at(-1)).toEqual({
      file: "file.bin",
      receivedBytes: contents.length,
      totalBytes: contents.length,
      mirror: `${address}/a`,
    });
  });

  it("continues where the connection broke", async () => {
    answer = (request, response) => (request.headers.range ? serve(request, response) : breakOff(response, 30_000));
    await download(fileAt("/a"), target());
    expect(requests).toEqual(["/a all", "/a bytes=30000-"]);
    expect(readFileSync(target())).toEqual(contents);
  });

  it("continues an earlier session's part, from another mirror too", async () => {
    answer = (_, response) => breakOff(response, 30_000);
    await expect(download(fileAt("/a"), target())).rejects.toThrow(DownloadFailed);
    expect(readFileSync(`${target()}.part`)).toEqual(contents.subarray(0, 30_000));
    answer = serve;
    requests = [];
    await download(fileAt("/b"), target());
    expect(requests).toEqual(["/b bytes=30000-"]);
    expect(readFileSync(target())).toEqual(contents);
  });

  it("starts anew with a server that does not continue", async () => {
    answer = (_, response) => response.writeHead(200).end(contents);
    await download(fileAt("/a"), join(folder, "x"));
    writeFileSync(join(folder, "file.bin.part"), contents.subarray(0, 10));
    await download(fileAt("/a"), join(folder, "file.bin"));
    expect(readFileSync(join(folder, "file.bin"))).toEqual(contents);
  });

  it("discards a part that is longer than the file (HTTP 416)", async () => {
    writeFileSync(join(folder, "file.bin.part"), Buffer.alloc(contents.length + 1));
    answer = (request, response) =>
      request.headers.range ? response.writeHead(416).end() : serve(request, response, contents);
    await download(fileAt("/a"), join(folder, "file.bin"));
    expect(readFileSync(join(folder, "file.bin"))).toEqual(contents);
  });

  it("verifies a part that was complete already, without asking anybody", async () => {
    writeFileSync(join(folder, "file.bin.part"), contents);
    await download(fileAt("/a"), join(folder, "file.bin"));
    expect(requests).toEqual([]);
  });

  it("refuses a file with a wrong checksum and discards it", async () => {
    const wrong = Buffer.from("not what was asked for");
    answer = (request, response) => serve(request, response, wrong);
    await expect(download(fileAt("/a"), target())).rejects.toThrow(
      `wrong checksum, MD5 ${md5(wrong)}, expected ${md5(contents)}; discarded`,
    );
    expect(existsSync(target())).toBe(false);
    expect(existsSync(`${target()}.part`)).toBe(false);
    expect(requests).toEqual(["/a all"]);
  });

  it("starts anew when the part it continued was not of this file", async () => {
    writeFileSync(join(folder, "file.bin.part"), Buffer.alloc(500, 7));
    answer = serve;
    await download(fileAt("/a"), join(folder, "file.bin"));
    expect(requests).toEqual(["/a bytes=500-", "/a all"]);
    expect(readFileSync(join(folder, "file.bin"))).toEqual(contents);
  });

  it("goes on to the next mirror", async () => {
    answer = (request, response) =>
      request.url === "/good" ? serve(request, response) : response.writeHead(404).end("no such file");
    await download(fileAt("/gone", "/good"), target());
    expect(readFileSync(target())).toEqual(contents);
  });

  it("takes bytes as they are from a server that calls .gz a transfer encoding", async () => {
    const { source, packed } = toySource([`${address}/toy.gz`]);
    answer = (request, response) => {
      const labelled = request.headers["accept-encoding"] !== "identity";
      response.writeHead(200, labelled ? { "content-encoding": "gzip" } : {}).end(packed);
    };
    await download(source.files[0], join(folder, "toy.gz"));
    expect(readFileSync(join(folder, "toy.gz"))).toEqual(packed);
  });

  it("gives up on a server that falls silent", async () => {
    answer = () => {};
    await expect(download(fileAt("/a"), target(), { stallSec: 0.05 })).rejects.toThrow("nothing received for 0.05 s");
  });

  it("stops when told to and keeps what it has", async () => {
    const stop = new AbortController();
    answer = (_, response) => {
      response.writeHead(200, { "content-length": contents.length });
      response.write(contents.subarray(0, 30_000));
    };
    const stopped = download(fileAt("/a", "/b"), target(), { signal: stop.signal, onProgress: () => stop.abort() });
    await expect(stopped).rejects.toThrow(/abort/);
    expect(requests).toEqual(["/a all"]);
    expect(existsSync(`${target()}.part`)).toBe(true);
  });
});

describe("fetching a data set", () => {
  it("downloads into the cache once, then loads from there", async () => {
    const { source, packed } = toySource([`${address}/toy.gz`]);
    answer = (request, response) => serve(request, response, packed);
    const options = { dataDir: join(folder, "mine"), cacheDir: join(folder, "cache") };
    const location = await fetchMissing(source, options);
    expect(location.files[0].paths).toEqual([join(folder, "cache", "toy", "toy.gz")]);
    expect([...(await load(source, options)).train.labels]).toEqual([0, 1, 1, 0]);
    expect(requests).toHaveLength(1);
    expect(existsSync(options.dataDir)).toBe(false);
  });

  it("says in one message what is missing, where it looked, what it tried and what to do", async () => {
    const unused = "http://127.0.0.1:1/toy.gz";
    const { source } = toySource([unused, `${address}/toy.gz`]);
    answer = (_, response) => response.writeHead(503).end();
    const options = { dataDir: join(folder, "mine"), cacheDir: join(folder, "cache") };
    const error = await load(source, options).catch((e) => e);
    expect(error.name).toBe("UserError");
    expect(error.message).toContain("data set toy needs a file that is not here: toy.gz");
    expect(error.message).toContain(`looked in ${join(folder, "mine", "toy")}, `);
    expect(error.message).toContain(join(folder, "cache", "toy"));
    expect(error.message).toContain(`tried ${unused}: `);
    expect(error.message).toContain(`${address}/toy.gz: HTTP 503`);
    expect(error.hint).toContain("put into <folder>/toy/ and set LOSSLAB_DATA=<folder>");
    expect(error.hint).toContain("--set data.set=digits");
  });

  it("asks nobody when offline", async () => {
    const { source } = toySource([`${address}/toy.gz`]);
    await expect(load(source, { cacheDir: folder, offline: true })).rejects.toThrow("downloading is switched off");
    expect(requests).toEqual([]);
  });
});
