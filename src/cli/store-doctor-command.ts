import { examineStore, repairStore } from "../store/doctor.ts";
import { isDatabaseUrl, shownStore } from "../store/place.ts";
import { UserError } from "../util/errors.ts";
import { paint } from "./paint.ts";

/** Says what is wrong with a store; exit code 1 as long as something is. */
export async function storeDoctorCommand(dir: string, repair: boolean): Promise<void> {
  if (isDatabaseUrl(dir))
    throw new UserError("a database is checked and mended where it runs", shownStore(dir), "pg_amcheck, pg_restore");
  const findings = await examineStore(dir);
  for (const { problem, repair: how } of findings) {
    console.log(`${how === null ? paint.yellow("note") : paint.red("wrong")}  ${problem}`);
    if (how !== null && !repair) console.log(`       ${paint.dim(`--repair: ${how}`)}`);
  }
  const wrong = findings.some((finding) => finding.repair !== null);
  if (!wrong) return console.log(`store ${dir}  ${paint.green("is sound")}`);
  if (!repair) {
    process.exitCode = 1;
    return;
  }
  const stamp = new Date().toISOString().slice(0, 19).replace(/[-:T]/g, "");
  for (const sentence of await repairStore(dir, stamp)) console.log(`       ${sentence}`);
  const left = (await examineStore(dir)).filter((finding) => finding.repair !== null);
  if (left.length === 0) return console.log(`store ${dir}  ${paint.green("is sound again")}`);
  for (const { problem } of left) console.log(`${paint.red("wrong")}  ${problem}`);
  process.exitCode = 1;
}
