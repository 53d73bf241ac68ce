import type { ChatWire, ReplyPart } from "../call.ts";
import { ChatError, type ChatRequest } from "../chat-model.ts";
import { classifyFailure } from "../failure.ts";
import type { BatchTerms } from "../money.ts";

/** The longest line of a batch file or of its answers, in bytes. */
export const LONGEST_LINE = 64 * 1024 * 1024;

/** A file of answers that a batch left, by the name under which its service knows it. */
export interface AnswerFile {
  readonly kind: "output" | "errors";
  readonly id: string;
}

/** A batch as its service tells of it. */
export interface ProviderBatch {
  readonly id: string;
  /**
   * - `open`: it is being worked on.
   * - `ended`: nothing more will come; what was answered is in its files, whatever its state says.
   * - `refused`: it was not accepted at all and nothing of it ran; `refusal` says why.
   */
  readonly phase: "open" | "ended" | "refused";
  /** The service's own word, such as `finalizing`. */
  readonly state: string;
  /** Milliseconds since 1970; infinite when the service does not tell. */
  readonly createdAt: number;
  /** How many requests it has, as far as the service tells. */
  readonly requests?: number;
  /** How many of them have their answers by now, as far as the service tells. */
  readonly answered?: number;
  /** How many of these have a reply, which its output must hold once it has ended. */
  readonly replies?: number;
  /** Our own id of the batch, where a service keeps one for us. */
  readonly mark?: string;
  /** The uploaded file that it was made of, where a service has such files. */
  readonly inputFile?: string;
  readonly files: readonly AnswerFile[];
  readonly refusal?: BatchRefusal;
}

/** Why a whole batch was refused. */
export interface BatchRefusal {
  /** `no-room`: too many tokens are queued already, so it may be taken later, or in smaller parts. */
  readonly kind: "no-room" | "refused";
  /** The service's own words, one line. */
  readonly words: string;
}

/** What stands in a line of answers. */
export type AnswerOutcome =
  | { readonly kind: "reply"; readonly part: ReplyPart }
  | { readonly kind: "error"; readonly error: ChatError }
  /** The request did not run (`expired`, `canceled`): it is free and can be asked again. */
  | { readonly kind: "unrun"; readonly why: string };

/** One line of answers. */
export interface BatchAnswer {
  readonly customId: string;
  readonly outcome: AnswerOutcome;
}

/** A batch file on this machine that is to be handed to a service. */
export interface BatchInput {
  /** Our own id of the batch. */
  readonly batch: string;
  /** Where its lines are on this disk. */
  readonly path: string;
  readonly bytes: number;
  /** How the file is called at the service; names the run and the batch. */
  readonly name: string;
  readonly requests: number;
}

/** Where a service wants files to be put before a batch is made of them. */
export interface FileStore {
  /** The id of a file that was put there before under this name with so many bytes; undefined when there is none. */
  find(input: BatchInput): Promise<string | undefined>;
  /** Puts a file there and gives its id. */
  put(input: BatchInput): Promise<string>;
  /** Removes a file that is no longer needed. */
  remove(id: string): Promise<void>;
}

/** How much a service takes at once. */
interface BatchLimits {
  readonly requests: number;
  /** Bytes of a batch file, a reserve of a twentieth taken off already. */
  readonly bytes: number;
}

/**
 * A provider's batch service: requests are handed over in files and answered within a day, mostly at half the price.
 * Every function makes its call once and rejects with a ChatError when it got no answer; whoever drives it decides
 * whether to try again. What a call did that got no answer is not known: look with `list` or `find` before it is made
 * again.
 */
export interface BatchService extends BatchTerms {
  /** How messages name it: its host, or its folder. */
  readonly name: string;
  readonly limits: BatchLimits;
  /** Undefined where the batch itself carries its requests. */
  readonly store: FileStore | undefined;
  /** The line of a batch file for a request, without its line end. It begins with `{"custom_id":"…"`. */
  line(customId: string, request: ChatRequest): string;
  /** Makes a batch. Not to be repeated without a look at `list`: no service has a guard against two. */
  create(input: BatchInput, file: string | undefined): Promise<ProviderBatch>;
  /** The batches that were made since then (milliseconds since 1970), the newest first. */
  list(since: number): Promise<readonly ProviderBatch[]>;
  look(id: string): Promise<ProviderBatch>;
  /** Asks for the end of a batch; what has its answer keeps it. */
  cancel(id: string): Promise<void>;
  /** The content of a file of answers. */
  fetch(file: AnswerFile): AsyncIterable<Buffer>;
  /** Reads a line of answers; undefined for one that is torn, or in no protocol. */
  readAnswer(line: string): BatchAnswer | undefined;
  /** Learns from the refusal of a request; true when the server was found to want requests written otherwise. */
  learn(error: ChatError, request: ChatRequest): boolean;
  /** The commands that the user is to run himself so that batches, named by our own ids, are worked on. */
  readonly byHand?: (batches: readonly string[]) => readonly string[];
}

/** What a batch answered to one request: the same body, with the same status, as a live call would have had. */
export function answerOf(
  wire: ChatWire,
  status: number,
  body: unknown,
  secrets: readonly string[],
): AnswerOutcome {
  const text = typeof body === "string" ? body : JSON.stringify(body ?? null);
  const fail = (words: string): AnswerOutcome => ({
    kind: "error",
    error: classifyFailure({ status, headers: {}, body: words }, secrets),
  });
  if (status < 200 || status > 299) return fail(text);
  const part = wire.readReply(text);
  if (part.failure !== undefined) return fail(part.failure);
  if (part.malformed !== undefined) {
    return { kind: "error", error: new ChatError("bad-reply", `the batch has ${part.malformed}`) };
  }
  return { kind: "reply", part };
}
