/** Kills runs at random moments, resumes them, and compares what they leave with what an uninterrupted run leaves: row for row, times aside. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Database from "libsql";
import { bin } from "../program.ts";

/** Trials that end well and such that diverge, in several cohorts; answers about them. */
const study = (epochs: number): string => `name: crash
data: { set: digits, train: 600, test: 200, validation: 100, labelNoise: [none, { symmetric: 0.2 }] }
model: { mlp: { hidden: [8] } }
loss: [ce, mae, { focal: 2 }]
optimizer: [{ sgd: { learningRate: [0.1, 1e30] } }, adam]
epochs: ${epochs}
batchSize: 50
seeds: 2
measure: { probabilities: each }
`;

/** Columns that say when, how long and by whom. */
const TIMES: Record<string, readonly string[]> = {
  runs: ["id", "started_at", "finished_at", "environment"],
  cohorts: ["run"],
  run_trials: ["run"],
  epochs: ["seconds"],
};

/** A run that had finished when it was killed leaves its lock, which nobody asks for any more. */
const QUERIES: Record<string, string> = {
  run_locks: "select * from run_locks where run in (select id from runs where state <> 'finished')",
};

/** Whether the study of a store had come to its end; no run of it is open then, and another would be a new one. */
function hasFinished(store: string): boolean {
  if (!existsSync(join(store, "losslab.sqlite"))) return false;
  const database = new Database(join(store, "losslab.sqlite"));
  try {
    const tables = database.prepare("select name from sqlite_master where name = 'runs'").all();
    return tables.length > 0 && database.prepare("select id from runs where state = 'finished'").all().length > 0;
  } finally {
    database.close();
  }
}

/** All rows of a store as lines of text, in an order that does not depend on when they were written. */
export function rowsOf(store: string): string[] {
  const database = new Database(join(store, "losslab.sqlite"));
  try {
    const [{ integrity_check: sound }] = database.prepare("pragma integrity_check").all() as { integrity_check: string }[];
    return [
      `sqlite: ${sound}`,
      ...["runs", "trials", "run_trials", "cohorts", "epochs", "confusions", "observations", "run_locks"].flatMap((table) =>
        (database.prepare(QUERIES[table] ?? `select * from ${table}`).all() as Record<string, unknown>[])
          .map((row) => {
            const kept = Object.entries(row).filter(([column]) => !TIMES[table]?.includes(column));
            const texts = kept.map(([column, value]) => [column, value instanceof Uint8Array || value instanceof ArrayBuffer ? Buffer.from(value as ArrayBuffer).toString("hex") : value]);
            return `${table}: ${JSON.stringify(texts)}`;
          })
          .sort(),
      ),
      ...readdirSync(store).filter((name) => !name.startsWith("losslab.sqlite")).sort(),
      ...readdirSync(join(store, "checkpoints")).sort(),
    ];
  } finally {
    database.close();
  }
} // biome-ignore format: one line each

interface Ended {
  /** Whether it came to its own end. */
  finished: boolean;
  /** Whether a cohort went on from a checkpoint. */
  resumed: boolean;
  seconds: number;
}

/** When a run is killed: after so many seconds, or so soon after an epoch has been stored. */
type Moment = { seconds: number } | { epochs: number; milliseconds: number } | null;

async function run(folder: string, store: string, moment: Moment): Promise<Ended> {
  const begun = performance.now();
  const child = spawn(process.execPath, [bin, "run", "study.yaml", "--store", store, "--no-report", "--json"], {
    cwd: folder,
  });
  const ended = once(child, "close") as Promise<[number | null, string | null]>;
  let errors = "";
  let resumed = false;
  let epochs = 0;
  const kill = async (milliseconds: number): Promise<void> => {
    await sleep(milliseconds);
    child.kill("SIGKILL");
  };
  child.stderr.on("data", (text) => (errors += text));
  child.stdout.on("data", (text: Buffer) => {
    resumed ||= text.includes('"event":"resumed"');
    const before = epochs;
    epochs += text.toString().split('"event":"epoch"').length - 1;
    if (moment && "epochs" in moment && before < moment.epochs && epochs >= moment.epochs)
      void kill(moment.milliseconds);
  });
  if (moment && "seconds" in moment) void kill(1000 * moment.seconds);
  const [code, signal] = await ended;
  if (signal !== "SIGKILL" && code !== 0) throw new Error(`a run ended by itself with ${code ?? signal}: ${errors}`);
  return { finished: code === 0, resumed, seconds: (performance.now() - begun) / 1000 };
}

export interface Campaign {
  kills: number;
  /** Studies that came to their end, each compared with the uninterrupted one. */
  studies: number;
  resumed: number;
  /** The first rows that differ, if any. */
  differences: string[];
}

/** So often one study is killed before it may end. */
const MOST_KILLS_OF_A_STUDY = 12;

/**
 * @param folder an empty one
 * @param random in [0, 1)
 */
export async function campaign(
  folder: string,
  kills: number,
  epochs: number,
  random: () => number,
  told: (text: string) => void = () => {},
): Promise<Campaign> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "study.yaml"), study(epochs));
  const whole = await run(folder, "whole", null);
  const expected = rowsOf(join(folder, "whole"));
  told(`uninterrupted: ${whole.seconds.toFixed(1)} s, ${expected.length} rows`);
  const trialEpochs = expected.filter((row) => row.startsWith("epochs:")).length;
  const result: Campaign = { kills: 0, studies: 0, resumed: 0, differences: [] };
  while (result.kills < kills && result.differences.length === 0) {
    const store = `killed-${result.studies}`;
    for (let own = 0; ; ) {
      const spare = own >= MOST_KILLS_OF_A_STUDY || result.kills >= kills;
      const moment: Moment = spare
        ? null
        : random() < 0.5
          ? { seconds: random() * whole.seconds }
          : { epochs: 1 + Math.floor((random() * trialEpochs) / 3), milliseconds: Math.floor(random() * 30) };
      const { finished, resumed } = await run(folder, store, moment);
      if (resumed) result.resumed++;
      if (finished) break;
      own++;
      result.kills++;
      if (hasFinished(join(folder, store))) break; // killed after the last row
    }
    const rows = rowsOf(join(folder, store));
    const missing = expected.filter((row) => !rows.includes(row)).map((row) => `- ${row}`);
    const added = rows.filter((row) => !expected.includes(row)).map((row) => `+ ${row}`);
    result.differences = [...missing, ...added].slice(0, 20).map((row) => row.slice(0, 400));
    if (rows.length !== expected.length) result.differences.push(`${rows.length} rows instead of ${expected.length}`);
    result.studies++;
    told(`${result.kills} kills, ${result.studies} studies, ${result.differences.length} differences`);
    rmSync(join(folder, store), { recursive: true });
  }
  return result;
}
