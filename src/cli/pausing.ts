import type { Pausing } from "../lab/execute.ts";

/** SIGUSR2 pauses at the next step, SIGCONT goes on. (Windows has neither: there a run can be stopped and resumed.) */
export function pausing(): { pausing: Pausing; end: () => void } {
  let paused = false;
  let listener: (paused: boolean) => void = () => {};
  const set = (to: boolean) => (): void => {
    if (paused === to) return;
    paused = to;
    listener(to);
  };
  const [pause, goOn] = [set(true), set(false)];
  if (process.platform !== "win32") {
    process.on("SIGUSR2", pause);
    process.on("SIGCONT", goOn);
  }
  return {
    pausing(told) {
      listener = told;
      if (paused) told(true);
    },
    end() {
      process.off("SIGUSR2", pause);
      process.off("SIGCONT", goOn);
    },
  };
}
