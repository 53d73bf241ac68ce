/** Characters of the reply's text; as JSON, with what is around it, the answer has about 4.6 KB. */
export const REPLY_LENGTH = 3400;
/** Milliseconds after which the server answers. */
export const LATENCY = 50;
/** Calls that run at once. */
export const AT_ONCE = 256;
