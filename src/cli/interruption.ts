import { paint } from "./paint.ts";

/** Ends the process as the signal does where nobody listens; `process.exit` would take threads apart that compute, and crash. */
function atOnce(): void {
  process.removeAllListeners("SIGINT");
  process.kill(process.pid, "SIGINT");
}

/** Ctrl-C and its like stop at the next step, asked twice at once. `end` gives them back to the system. */
export function interruption(): { signal: AbortSignal; end: () => void } {
  const abort = new AbortController();
  const interrupt = (): void => {
    if (abort.signal.aborted) atOnce();
    process.stderr.write(`\n${paint.yellow("stopping")} … finished epochs are kept (again to stop at once)\n`);
    abort.abort();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  return {
    signal: abort.signal,
    end() {
      process.off("SIGINT", interrupt);
      process.off("SIGTERM", interrupt);
    },
  };
}
