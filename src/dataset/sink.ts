/** Where the bytes of a file go. A chunk belongs to the sink; the next one comes when the promise is fulfilled. */
export interface Sink {
  write(chunk: Uint8Array | string): Promise<void>;
}
