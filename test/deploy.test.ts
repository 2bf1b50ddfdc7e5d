/** What `deploy/` says is so: files are well formed, and the commands, options, files and settings in them exist. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { losslabIn } from "./program.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const text = (file: string): string => readFileSync(join(root, "deploy", file), "utf8");

// biome-ignore lint/suspicious/noExplicitAny: what YAML says; the tests find out of which form it is
type Tree = any;

function documents(file: string): Tree[] {
  const all = parseAllDocuments(text(file), { merge: true });
  if (!Array.isArray(all)) throw new Error(`${file} is empty`);
  for (const document of all) expect(document.errors, file).toEqual([]);
  return all.map((document) => document.toJS() as Tree);
}

const pages = new Map<string, string>();
function helpOf(command: string): string {
  const known = pages.get(command);
  if (known !== undefined) return known;
  const { stdout, status } = losslabIn(root, [command, "--help"]);
  expect(status, `losslab ${command} --help`).toBe(0);
  pages.set(command, stdout);
  return stdout;
}

/** The words of a call of losslab: its command exists, and knows the options. */
function expectCall(words: readonly string[]): void {
  const [command, ...rest] = words;
  expect(command).toMatch(/^[a-z]+$/);
  const page = helpOf(command);
  for (const word of rest.filter((w) => w.startsWith("--"))) expect(page, words.join(" ")).toContain(word);
}

test("every call of losslab in deploy/ exists", () => {
  let calls = 0;
  for (const file of readdirSync(join(root, "deploy"))) {
    for (const [, call] of text(file).matchAll(
      /(?:^|[#\s])losslab ((?:worker|run|status|cancel|dashboard|plan)\b[^\n]*)/gm,
    )) {
      expectCall(call.split(/\s+/).map((word) => word.replace(/["']/g, "")));
      calls++;
    }
  }
  expect(calls).toBeGreaterThan(1);
});

describe("compose.yaml", () => {
  const [file] = documents("compose.yaml");

  test("has a database, workers and who fills the queue, in keys that Compose knows", () => {
    const known = ["build", "command", "depends_on", "entrypoint", "environment", "healthcheck", "image", "ports", "profiles", "restart", "stop_grace_period", "volumes", "working_dir"]; // biome-ignore format: one line
    expect(Object.keys(file).filter((key) => !key.startsWith("x-"))).toEqual(["name", "services", "volumes"]);
    expect(Object.keys(file.services)).toEqual(["database", "worker", "run", "dashboard"]);
    for (const service of Object.values<Tree>(file.services)) {
      for (const key of Object.keys(service)) expect(known).toContain(key);
      for (const needed of Object.keys(service.depends_on ?? {})) {
        expect(Object.keys(file.services)).toContain(needed);
        expect(file.services[needed].healthcheck).toBeDefined();
      }
      const named = (service.volumes ?? []).map((volume: string) => String(volume).split(":")[0]);
      for (const volume of named.filter((v: string) => /^\w+$/.test(v)))
        expect(Object.keys(file.volumes)).toContain(volume);
    }
  });

  test("calls losslab as it is, and keeps the password out of it", () => {
    const { worker, run, dashboard } = file.services;
    expectCall(worker.command as never as string[]);
    expectCall(dashboard.command as never as string[]);
    const [program, ...words] = run.entrypoint as never as string[];
    expect(program).toBe("losslab");
    expectCall(words);
    expect(worker.environment.LOSSLAB_STORE).toMatch(
      /^postgres:\/\/losslab:\$\{POSTGRES_PASSWORD:\?[^}]+\}@database\/losslab$/,
    );
    for (const { build } of [worker, run, dashboard])
      expect(existsSync(join(root, "deploy", String(build.context), String(build.dockerfile)))).toBe(true);
  });
});

describe("kubernetes.yaml", () => {
  const all = documents("kubernetes.yaml");
  const of = (kind: string): Tree => all.find((document) => String(document.kind) === kind)!;

  test("has objects of versions that there are, all in one namespace", () => {
    const versions = { PersistentVolumeClaim: "v1", Deployment: "apps/v1", Job: "batch/v1" };
    expect(Object.fromEntries(all.map(({ kind, apiVersion }) => [kind, apiVersion]))).toEqual(versions);
    for (const { metadata } of all) {
      expect(String(metadata.namespace)).toBe("losslab");
      expect(String(metadata.name)).toMatch(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
    }
  });

  test("its pods call losslab as it is, mount what they have, and read the store from a secret", () => {
    const { selector, template } = of("Deployment").spec;
    expect(template.metadata.labels).toEqual(selector.matchLabels);
    for (const { spec } of [template, of("Job").spec.template]) {
      const volumes = (spec.volumes as Tree[]).map(({ name }) => String(name));
      for (const container of spec.containers as Tree[]) {
        expectCall(container.args as never as string[]);
        for (const { name } of container.volumeMounts as Tree[]) expect(volumes).toContain(name);
        const store = (container.env as Tree[]).find(({ name }) => String(name) === "LOSSLAB_STORE")!;
        expect(store.valueFrom.secretKeyRef).toEqual({ name: "losslab-store", key: "url" });
        expect(store.value).toBeUndefined();
      }
      const claims = (spec.volumes as Tree[]).flatMap((v) =>
        v.persistentVolumeClaim ? [v.persistentVolumeClaim.claimName] : [],
      );
      expect(new Set(claims)).toEqual(new Set([of("PersistentVolumeClaim").metadata.name]));
    }
  });

  test("a worker has as many cores as threads", () => {
    const [container] = of("Deployment").spec.template.spec.containers as Tree[];
    const args = container.args as never as string[];
    expect(container.resources.requests.cpu).toBe(args[args.indexOf("--workers") + 1]);
    expect(container.resources.limits).toEqual(container.resources.requests);
  });
});

test("the image holds what the package publishes, and copies what exists", () => {
  const copied = [...text("Dockerfile").matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, files]) =>
    files.split(" "),
  );
  for (const file of copied) expect(existsSync(join(root, file)), file).toBe(true);
  const { files, scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  for (const published of files) expect(text("Dockerfile")).toContain(`/losslab/${published} ./${published}`);
  for (const [, script] of text("Dockerfile").matchAll(/npm run ([\w:]+)/g))
    expect(Object.keys(scripts)).toContain(script);
});

test("the Slurm script is sound shell, with directives that sbatch knows", () => {
  const { status, stderr } = spawnSync("bash", ["-n", join(root, "deploy/slurm.sh")], { encoding: "utf8" });
  expect([status, stderr]).toEqual([0, ""]);
  const lines = text("slurm.sh").split("\n");
  const directives = lines.flatMap((line) => /^#SBATCH --([a-z-]+)(?:=(\S+))?$/.exec(line)?.slice(1, 2) ?? []);
  expect(directives).toEqual(["job-name", "cpus-per-task", "mem", "time", "requeue", "open-mode", "output", "signal"]);
  const first = lines.findIndex((line) => line !== "" && !line.startsWith("#"));
  expect(lines.slice(first).some((line) => line.startsWith("#SBATCH"))).toBe(false); // sbatch reads none below a command
  const refused = spawnSync("bash", [join(root, "deploy/slurm.sh")], {
    encoding: "utf8",
    env: { PATH: process.env.PATH },
  });
  expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining("say where the store is")]);
});
