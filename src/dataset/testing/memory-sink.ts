import type { Sink } from "../write-jsonl.ts";

/** A sink that keeps what it is given, as an in-memory file. */
export class MemorySink implements Sink {
  readonly chunks: (Uint8Array | string)[] = [];

  async write(chunk: Uint8Array | string): Promise<void> {
    this.chunks.push(chunk);
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(Buffer.concat(this.chunks.map((chunk) => Buffer.from(chunk as Uint8Array))));
  }

  text(): string {
    return new TextDecoder().decode(this.bytes());
  }
}
