import type { BatchService, ProviderBatch } from "../../model/batch/batch-service.ts";
import type { RunHalt } from "../../model/run-halt.ts";
import type { CallRecord, SynthesisRecord } from "../record.ts";
import type { BatchFolder } from "./batch-folder.ts";
import type { BatchEvent } from "./batch-record.ts";
import type { BatchOptions, BatchSnapshot } from "./rounds-options.ts";
import { addBatchEvent, openBatches, type Standing } from "./standing.ts";
import type { PersonasUnderWay } from "./under-way.ts";

/** What {@link BatchRun} is made of. */
interface Parts {
  readonly options: BatchOptions;
  readonly folder: BatchFolder;
  readonly personas: PersonasUnderWay;
  readonly halt: RunHalt<SynthesisRecord>;
  readonly standing: Standing;
  /** The replies of batches that are kept, by batch. */
  readonly kept: ReadonlyMap<string, ReadonlySet<string>>;
  readonly keepCall: (call: CallRecord) => Promise<void>;
  readonly appendEvent: (event: BatchEvent) => Promise<void>;
  readonly personaId: (index: number) => Promise<string | undefined>;
  readonly note: (text: string) => void;
}

/** What the parts of the work on batches share. */
export class BatchRun {
  readonly options: BatchOptions;
  readonly folder: BatchFolder;
  readonly personas: PersonasUnderWay;
  readonly halt: RunHalt<SynthesisRecord>;
  readonly keepCall: (call: CallRecord) => Promise<void>;
  readonly personaId: (index: number) => Promise<string | undefined>;
  readonly note: (text: string) => void;
  standing: Standing;
  readonly #parts: Parts;
  /** How many requests of an open batch have their answers, as the service has told. */
  readonly #answered = new Map<string, number>();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.options = parts.options;
    this.folder = parts.folder;
    this.personas = parts.personas;
    this.halt = parts.halt;
    this.keepCall = parts.keepCall;
    this.personaId = parts.personaId;
    this.note = parts.note;
    this.standing = parts.standing;
  }

  get service(): BatchService {
    return this.options.service;
  }

  /** Puts an event on the disk before anything more is done. */
  async keepEvent(event: BatchEvent): Promise<void> {
    await this.halt.keep(this.#parts.appendEvent(event));
    this.standing = addBatchEvent(this.standing, event);
    this.options.onEvent?.(event);
  }

  /** Whether a reply of a batch was kept before this process began. */
  isKept(tag: string, call: string): boolean {
    return this.#parts.kept.get(tag)?.has(call) === true;
  }

  /** Takes note of what the service tells of a batch that it works on. */
  seen(batch: string, { answered = 0 }: ProviderBatch): void {
    this.#answered.set(batch, answered);
  }

  /** How the batches stand. */
  snapshot(): BatchSnapshot {
    const open = openBatches(this.standing);
    const { byHand } = this.service;
    const again = [...this.standing.again.values()].reduce((sum, times) => sum + times, 0);
    return {
      open: open.length,
      requests: open.reduce((sum, { requests }) => sum + requests, 0),
      answered: open.reduce((sum, { batch }) => sum + (this.#answered.get(batch) ?? 0), 0),
      over: this.standing.batches.size - open.length,
      kept: this.standing.kept,
      again,
      ...(byHand === undefined ? {} : { commands: byHand(open.map(({ batch }) => batch)) }),
    };
  }
}
