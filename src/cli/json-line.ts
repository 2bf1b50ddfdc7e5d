/** One event of `--json`, on a line of its own. */
export const line = (event: object): void => {
  process.stdout.write(`${JSON.stringify(event)}\n`);
};
