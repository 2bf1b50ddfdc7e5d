/**
 * Does `losslab recommend` find losses that are better where there are some, and none where there are none?
 * Repeats it on other parts of the embedded digits (`npm run check:recommend`), and prints what came of it. What is in the file already is
 * not repeated.
 */
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { recommend } from "../src/recommend/recommend.ts";
import { openStore } from "../src/store/store.ts";
import { percent, points } from "../src/util/format.ts";

const { values } = parseArgs({
  options: {
    repeats: { type: "string", default: "20" },
    out: { type: "string", default: "recommend-check.jsonl" },
    only: { type: "string" },
    workers: { type: "string", default: "1" },
  },
});

/** Test labels are as they were published: what is judged is how good networks are, not how well they guess wrong labels. */
const SITUATIONS: Record<string, string[]> = {
  clean: ["data.train=500"],
  noisy: ["data.train=1000", "data.labelNoise={ symmetric: { rate: 0.4, validation: true } }"],
  longTail: ["data.train=2000", "data.imbalance={ longTail: 100 }"],
};
/** Small runs: about a minute of one core each. */
const SMALL = ["model={ mlp: { hidden: [16] } }", "data.test=1000", "seeds=5", "tune.trials=9", "epochs=12"];

interface Repeat {
  situation: string;
  repeat: number;
  kind: string;
  recommended: string;
  measure: string;
  noise: number;
  imbalance: number;
  standings: { label: string; mean: number | null; difference: number | null; judgement: string | null }[];
}

const known: Repeat[] = existsSync(values.out!)
  ? readFileSync(values.out!, "utf8")
      .trim()
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line))
  : [];

for (let repeat = 0; repeat < Number(values.repeats); repeat++) {
  for (const [situation, settings] of Object.entries(SITUATIONS)) {
    if (values.only && values.only !== situation) continue;
    if (known.some((k) => k.situation === situation && k.repeat === repeat)) continue;
    const dir = mkdtempSync(join(tmpdir(), "losslab-recommend-"));
    const store = await openStore(dir);
    try {
      const outcome = await recommend(
        { name: `${situation}-${repeat}`, data: { set: "digits" }, budgetSec: 1e6 },
        {
          store,
          settings: [...settings, ...SMALL, `data.splitSeed=${repeat}`],
          workers: Number(values.workers),
        },
      );
      if (outcome.kind !== "done") throw new Error(outcome.kind);
      const { verdict, findings } = outcome.recommendation;
      const found: Repeat = {
        situation,
        repeat,
        kind: verdict.kind,
        recommended: verdict.recommended.label,
        measure: verdict.measure,
        noise: findings.noise.share,
        imbalance: findings.imbalance,
        standings: verdict.standings.map(({ label, mean, difference, judgement }) => ({
          label,
          mean,
          difference: difference?.mean ?? null,
          judgement,
        })),
      };
      known.push(found);
      appendFileSync(values.out!, `${JSON.stringify(found)}\n`);
      console.log(`${situation} ${repeat}: ${found.kind}, ${found.recommended}`);
    } finally {
      await store.close();
      rmSync(dir, { recursive: true, force: true });
    }
  }
}

for (const situation of Object.keys(SITUATIONS)) {
  const all = known.filter((k) => k.situation === situation);
  if (all.length === 0) continue;
  const count = (kind: string): number => all.filter((k) => k.kind === kind).length;
  const noise = all.map((k) => k.noise);
  console.log(
    `\n${situation}: ${all.length} repeats, another loss ${count("better")}, no matter ${count("same")}, undecided ${count("open")}; noise seen ${percent(Math.min(...noise))} to ${percent(Math.max(...noise))} %`,
  );
  for (const label of new Set(all.flatMap((k) => k.standings.map((s) => s.label)))) {
    const own = all.flatMap((k) => k.standings.filter((s) => s.label === label));
    const differences = own.flatMap((s) => s.difference ?? []);
    const times = (judgement: string): number => own.filter((s) => s.judgement === judgement).length;
    const mean = differences.reduce((a, b) => a + b, 0) / differences.length;
    const sd = Math.sqrt(differences.reduce((s, d) => s + (d - mean) ** 2, 0) / (differences.length - 1));
    const error = differences.length > 1 ? ` ± ${percent((2.1 * sd) / Math.sqrt(differences.length))}` : "";
    const said = differences.length > 0 ? `${points(mean)}${error} points` : "baseline";
    const best = all.filter((k) => k.recommended === label).length;
    console.log(
      `  ${label}: ${said}; better ${times("better")}, worse ${times("worse")}, same ${times("same")}, open ${times("open")}; recommended ${best}`,
    );
  }
}
