/** Documents say what is so: their commands exist, their links lead somewhere, and what they promise of the zoo is there. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { checkStudy, evaluateLoss, readYaml, zoo } from "../src/core.ts";
import type { Entry } from "../src/zoo/entry.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const documents = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  ...readdirSync(join(root, "docs"))
    .filter((f) => f.endsWith(".md"))
    .map((f) => `docs/${f}`),
];
const text = (file: string): string => readFileSync(join(root, file), "utf8");

/** Code blocks of a language. */
const blocks = (file: string, language: string): string[] =>
  [...text(file).matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, "g"))].map((m) => m[1]);

const help = new Map<string, string>();
function helpOf(command: string): string {
  const known = help.get(command);
  if (known !== undefined) return known;
  const { stdout, status } = spawnSync(
    process.execPath,
    [join(root, "bin/losslab.js"), ...command.split(" "), "--help"],
    {
      encoding: "utf8",
    },
  );
  expect(status, `losslab ${command} --help`).toBe(0);
  help.set(command, stdout);
  return stdout;
}

describe.each(documents)("%s", (file) => {
  test("links to what exists", () => {
    const links = [
      ...text(file).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g),
      ...text(file).matchAll(/ src(?:set)?="([^"]+)"/g),
    ];
    for (const [, target] of links) {
      if (/^(https?|data):/.test(target)) continue;
      expect(existsSync(join(root, dirname(file), target)), `${file}: ${target}`).toBe(true);
    }
  });

  test("names commands and options that exist", () => {
    const lines = [...blocks(file, "sh"), ...blocks(file, "bash")].join("\n").split("\n");
    const inline = [...text(file).matchAll(/`((?:npx )?losslab [a-z][^`]*)`/g)].map((m) => m[1]);
    for (const line of [...lines, ...inline]) {
      const said = line.replace(/\s#.*$/, "").match(/(?:^|\s)losslab ([a-z]+)(.*)$/);
      if (!said) continue;
      const [, command, rest] = said;
      const page = helpOf(command);
      for (const [option] of rest.matchAll(/--[a-z][a-z-]*/g)) expect(page, `${file}: ${line}`).toContain(option);
    }
    for (const [, script] of lines.join("\n").matchAll(/npm run ([\w:-]+)/g)) {
      expect(Object.keys(JSON.parse(text("package.json")).scripts), `${file}: npm run ${script}`).toContain(script);
    }
  });

  test("shows studies that are valid", () => {
    for (const block of blocks(file, "yaml")) {
      const said = parse(block) as Record<string, unknown> | null;
      if (!said || typeof said !== "object" || !("name" in said)) continue;
      expect(() => checkStudy(readYaml(block, file), [], zoo)).not.toThrow();
    }
  });
});

test("CONTRIBUTING shows files as they are", () => {
  const shown = blocks("CONTRIBUTING.md", "ts").map((block) => block.match(/^\/\/ (\S+)\n([\s\S]*)$/)!);
  expect(shown.length).toBeGreaterThan(0);
  for (const [, file, code] of shown) expect(code, file).toBe(text(file));
});

test.each(["README.md", "docs/library.md"])("%s defines losses under names that are free", (file) => {
  const own = [...text(file).matchAll(/defineLoss\(\{[^}]*?name: "(\w+)"/g)].map((m) => m[1]);
  expect(own.length).toBeGreaterThan(0);
  for (const name of own) expect(Object.keys(zoo.losses)).not.toContain(name);
});

test("the README's figures are what the library gives", () => {
  const { mean, gradLogits } = evaluateLoss({ focal: { gamma: 2 } }, { logits: [[2, -1, 0]], targets: [0] });
  const shown = [...text("README.md").matchAll(/(-?\d\.\d{4})…/g)].map((m) => Number(m[1]));
  expect(shown).toEqual([mean, mean, ...gradLogits[0]].map((v) => Math.trunc(v * 1e4) / 1e4));
});

test("every preset is valid and says what it asks", () => {
  for (const file of readdirSync(join(root, "studies")).filter((f) => f.endsWith(".yaml"))) {
    const study = checkStudy(readYaml(text(`studies/${file}`), file), [], zoo);
    expect(study.name).toBe(file.replace(".yaml", ""));
    expect(study.description).not.toBe("");
  }
});

test("every member of the zoo says what it is, and every dependency has its reason", () => {
  for (const members of Object.values(zoo) as Record<string, Entry>[]) {
    for (const [name, entry] of Object.entries(members)) {
      expect(entry.name).toBe(name);
      expect(entry.title).not.toBe("");
      expect(entry.summary).not.toBe("");
    }
  }
  const { dependencies, devDependencies } = JSON.parse(text("package.json"));
  for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
    if (!name.startsWith("@types/"))
      expect(text("docs/dependencies.md").toLowerCase(), name).toContain(name.replace("@biomejs/", ""));
  }
});
