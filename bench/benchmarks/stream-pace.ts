/** Characters of the reply that is streamed. */
export const REPLY_LENGTH = 20_000;
/** Characters in a delta; a token of English has four to five. */
export const DELTA_LENGTH = 20;
/** Deltas in one write, so that a thousand of them take a hundred milliseconds. */
export const DELTAS_A_WRITE = 10;
/** Milliseconds between two writes. */
export const PAUSE = 1;
