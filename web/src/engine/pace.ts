/** What a call of the runtime should take: in a browser it copies the data into its memory in each, and lets nothing else in. */
export const SECONDS_PER_CALL = 0.2;
