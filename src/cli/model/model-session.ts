import type { GenerateConfig } from "../../config/config.ts";

/** How the model of a run is driven in one part of it. None of this is saved. */
export interface ModelSession {
  /** Values of further headers by their names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly options: Pick<
    GenerateConfig,
    "concurrency" | "timeout" | "maxAttempts" | "maxCost" | "prices" | "price"
  >;
  /** An address that goes over the saved one: a server of one's own may have moved. */
  readonly baseUrl?: string;
}
