/** The script of `deploy/` under Slurm's own daemons, for a cluster of the one machine that this is, as the user who runs it. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { availableParallelism, hostname, totalmem, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { losslab, numbers } from "../postgres/lab.ts";
import { type PostgresServer, query } from "../postgres/server.ts";
import { bin } from "../program.ts";
import { type Finding, finding } from "./finding.ts";

const PATH = `${process.env.PATH}:/usr/sbin`;
const PROGRAMS = ["munged", "slurmctld", "slurmd", "sbatch", "srun", "squeue", "scontrol"];

/** Why it cannot be tried here; null where it can. */
export function noSlurm(): string | null {
  const missing = PROGRAMS.filter((name) => !PATH.split(":").some((folder) => existsSync(join(folder, name))));
  return missing.length > 0 ? `Slurm is not installed here (no ${missing.join(", ")})` : null;
}

const settings = (folder: string): string => {
  const [machine, user] = [hostname().split(".")[0], userInfo().username];
  const port = 20_000 + 2 * (process.pid % 10_000);
  return `ClusterName=one
SlurmctldHost=${machine}(127.0.0.1)
SlurmctldPort=${port}
SlurmdPort=${port + 1}
AuthInfo=socket=${folder}/munge.sock
SlurmUser=${user}
SlurmdUser=${user}
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd.log
ProctrackType=proctrack/pgid
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
NodeName=${machine} NodeAddr=127.0.0.1 CPUs=${availableParallelism()} RealMemory=${Math.floor((0.9 * totalmem()) / 2 ** 20)} State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES State=UP
`;
};

interface Cluster {
  /** Runs one of Slurm's programs. @returns what it printed */
  call(program: string, args: readonly string[], env?: Record<string, string>): string;
  stop(): void;
}

/** Starts a cluster of one machine in a folder of its own. */
function startCluster(folder: string): Cluster {
  for (const name of ["state", "spool", "programs"]) mkdirSync(join(folder, name), { recursive: true });
  symlinkSync(bin, join(folder, "programs", "losslab"));
  writeFileSync(join(folder, "slurm.conf"), settings(folder));
  writeFileSync(join(folder, "key"), crypto.getRandomValues(new Uint8Array(64)), { mode: 0o600 });
  const env = { ...process.env, PATH: `${join(folder, "programs")}:${PATH}`, SLURM_CONF: join(folder, "slurm.conf") };
  const call: Cluster["call"] = (program, args, more = {}) => {
    const { status, stdout, stderr, error } = spawnSync(program, args, {
      cwd: folder,
      encoding: "utf8",
      env: { ...env, ...more },
      stdio: program.endsWith("d") ? "ignore" : "pipe", // a daemon would keep a pipe open
    });
    if (status !== 0) throw new Error(`${program} ended with ${status}: ${error ?? stderr}`);
    return stdout ?? "";
  };
  const own = (name: string): string => join(folder, name);
  const files = { socket: "munge.sock", "key-file": "key", "pid-file": "munged.pid", "log-file": "munged.log", "seed-file": "seed" }; // biome-ignore format: one line
  call("munged", ["--force", ...Object.entries(files).map(([option, name]) => `--${option}=${own(name)}`)]);
  call("slurmctld", []);
  call("slurmd", []);
  return {
    call,
    stop() {
      for (const name of ["slurmd", "slurmctld", "munged"]) {
        if (!existsSync(own(`${name}.pid`))) continue;
        try {
          process.kill(Number(readFileSync(own(`${name}.pid`), "utf8")));
        } catch {
          // it has ended
        }
      }
    },
  };
}

const study = `name: slurm
data: { set: digits, train: 2000, test: 200, validation: 200 }
model: { mlp: { hidden: [16] } }
loss: [ce, mae]
epochs: 60
batchSize: 32
seeds: 6
`;

/** Two workers as an array of jobs; one is taken from the machine while it trains, as when others need it, and comes back later. */
export async function slurm(root: string, server: PostgresServer): Promise<Finding[]> {
  const reason = noSlurm();
  if (reason) return [finding("deploy/slurm.sh", reason, "", null)];
  const folder = join(root, "slurm");
  const cluster = startCluster(folder);
  try {
    writeFileSync(join(folder, "slurm.yaml"), study);
    const store = await server.database();
    const queued = await losslab(folder, "run", "slurm.yaml", "--store", store, "--queue", "--detach");
    if (queued.status !== 0) throw new Error(queued.stderr);
    const script = new URL("../../deploy/slurm.sh", import.meta.url).pathname;
    const fitting = ["--array=1-2", "--cpus-per-task=1", "--mem=1G"];
    const array = cluster.call("sbatch", ["--parsable", ...fitting, script], { LOSSLAB_STORE: store }).trim();
    const until = async (sql: string): Promise<void> => {
      for (let i = 0; (await query(store, sql)).length === 0; i++) {
        if (i > 600) throw new Error(`nothing came of "${sql}"; see ${folder}`);
        await sleep(500);
      }
    };
    await until("select 1 from workers having count(*) = 2");
    await until("select 1 from cohorts where epochs_done > 2");
    cluster.call("scontrol", ["requeue", `${array}_1`]);
    while (cluster.call("squeue", ["--noheader"]).trim() !== "") await sleep(1000);
    const states = cluster.call("scontrol", ["show", "job", array]).match(/JobState=\w+|Restarts=\d+/g)!;
    const whole = await losslab(folder, "run", "slurm.yaml", "--store", "whole", "--no-report");
    if (whole.status !== 0) throw new Error(whole.stderr);
    const [own, expected] = [await numbers(folder, store), await numbers(folder, "whole")];
    const same = JSON.stringify(own) === JSON.stringify(expected);
    const jobs = await query(store, "select state, count(*)::int as n from jobs group by state");
    const completed = states.filter((state) => state === "JobState=COMPLETED").length;
    const restarts = states.filter((state) => state === "Restarts=1").length;
    return [
      finding("deploy/slurm.sh: jobs of the array completed, requeued while they trained", `${completed}, ${restarts}`, "2, 1", completed === 2 && restarts === 1), // biome-ignore format: one line
      finding("deploy/slurm.sh: cohorts by state", jobs.map(({ state, n }) => `${n} ${state}`).join(", "), "all done", jobs.length === 1 && jobs[0].state === "done"), // biome-ignore format: one line
      finding("deploy/slurm.sh: numbers of one process", same ? "equal" : "other", "equal", same),
    ];
  } finally {
    cluster.stop();
  }
}
