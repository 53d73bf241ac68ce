import type { BatchService } from "../../model/batch/batch-service.ts";
import type { ChatModel, ChatRequest } from "../../model/chat-model.ts";
import type { Clock } from "../../model/limiter.ts";
import type { CostOf } from "../../model/prices.ts";
import type { BatchEvent } from "./batch-record.ts";

/** How a run is asked in batches. */
export interface BatchOptions {
  readonly service: BatchService;
  /** The model's name, for the record. */
  readonly model: string;
  /** Dollars for tokens that are bought in a batch; null when the price is unknown. */
  readonly costOf: CostOf;
  /** The most that a request can cost in a batch, in dollars; null when the price is unknown. */
  readonly worstOf: (request: ChatRequest) => number | null;
  /** Requests of a batch, at most; 2,000 when not given. */
  readonly mostRequests?: number;
  /** Hours after which what is open of a batch is canceled and asked again; 20 when not given. */
  readonly hours?: number;
  /** Whether batches are waited for; else the run ends when all that can be submitted is. */
  readonly waits: boolean;
  /**
   * Gives the model that the last personas, fewer than one in a hundred, are asked live; it is told what was spent.
   * Undefined when they are asked in batches too.
   */
  readonly liveModel?: (spent: number) => Promise<ChatModel>;
  /** `now` gives milliseconds since 1970. */
  readonly clock: Clock;
  /** Told of each event once it is on the disk. */
  readonly onEvent?: (event: BatchEvent) => void;
}

/** What waits at the service, as a panel and a summary tell it. */
export interface BatchSnapshot {
  /** Batches that are open, their requests, and how many of those have their answers as far as the service tells. */
  readonly open: number;
  readonly requests: number;
  readonly answered: number;
  /** Batches that are over. */
  readonly over: number;
  /** Replies that came of batches, and requests that had to be asked again. */
  readonly kept: number;
  readonly again: number;
  /** What the user is to run himself so that they are worked on; left out where a service works by itself. */
  readonly commands?: readonly string[];
}
