// biome-ignore-all assist/source/organizeImports: the order is that of the help
/** All commands, in the order of the help. */
export { run } from "./run.ts";
export { recommend } from "./recommend.ts";
export { plan } from "./plan.ts";
export { worker } from "./worker.ts";
export { status } from "./status.ts";
export { cancel } from "./cancel.ts";
export { results } from "./results.ts";
export { report } from "./report.ts";
export { exportTo } from "./export.ts";
export { dashboard } from "./dashboard.ts";
export { reproduce } from "./reproduce.ts";
export { verdicts } from "./verdicts.ts";
export { list } from "./list.ts";
export { curve } from "./curve.ts";
export { stability } from "./stability.ts";
export { lab } from "./lab.ts";
export { landscape } from "./landscape.ts";
export { mistakes } from "./mistakes.ts";
export { data } from "./data.ts";
export { init } from "./init.ts";
export { doctor } from "./doctor.ts";
