import type { Json, Outside } from "../environment/world.ts";
import { ChatError, type ChatModel, type ChatReply, isRepeatable } from "../model/chat-model.ts";
import type { CostOf } from "../model/money.ts";
import { replyFields, requestHash } from "../model/reply.ts";
import type { AskingEpisodes } from "./batch/asking-episodes.ts";
import type { EpisodeKey } from "./episode.ts";
import type { EarlierAnswers, EpisodeLine } from "./episode-calls.ts";

/** What the recording of an episode needs. */
interface RecordingOptions {
  /** Dollars for tokens of a model; null when the price is unknown. */
  readonly costOf: CostOf;
  readonly episode: EpisodeKey;
  /** What was answered in the episode before. */
  readonly earlier: EarlierAnswers;
  /** Keeps what was answered, which is used only after this has resolved. */
  readonly keep: (line: EpisodeLine) => Promise<void>;
  /** Where the requests of a model wait for batches, the player's without a name; undefined where it is asked live. */
  readonly askingOf?: ((by: string | undefined) => AskingEpisodes | undefined) | undefined;
  /** Ends the asking: calls on the wire finish and are kept, waits end, nothing new is asked. */
  readonly stop: AbortSignal;
}

/** The recording of one episode, around everything that is asked in it. */
export interface Recording {
  /** The model of the player in place of its own. */
  readonly player: (model: ChatModel) => ChatModel;
  /** What its worlds may ask. */
  readonly outside: Outside;
  /** Resolves when no call is on the wire: what it buys is kept also when nobody waits for it any more. */
  readonly settled: () => Promise<void>;
}

/** Gives the answers that are kept, and keeps others. */
function recallOf({ episode, earlier, keep, stop }: RecordingOptions): Outside["recall"] {
  // As text, so that who gets an answer can change nothing of what the next one gets.
  const answers = new Map(earlier.answers.map(({ key, answer }) => [key, JSON.stringify(answer)]));
  const asking = new Map<string, Promise<string>>();

  const ask = async (key: string, answerOf: () => Promise<Json>): Promise<string> => {
    stop.throwIfAborted();
    const text = JSON.stringify(await answerOf());
    await keep({ ...episode, key, answer: JSON.parse(text) });
    answers.set(key, text);
    return text;
  };

  return async (key, answerOf) => {
    const known = answers.get(key);
    if (known !== undefined) return JSON.parse(known);
    const begun = asking.get(key) ?? ask(key, () => answerOf(stop)).finally(() => asking.delete(key));
    asking.set(key, begun);
    return JSON.parse(await begun);
  };
}

/**
 * Records one episode. A request that was answered before gets the reply that was bought then, and a world's question
 * the answer to its key; any other is asked, and what comes is kept before it is used. A call that broke has no reply,
 * so it is asked anew. Rejects with the reason of `stop` where something would have to be asked after it.
 */
export function recordEpisode(options: RecordingOptions): Recording {
  const { episode, keep, costOf, stop, askingOf } = options;
  const earlier = [...options.earlier.replies];
  const onTheWire = new Set<Promise<unknown>>();
  let replies = 0;

  const buy = async (
    model: ChatModel,
    hash: string,
    by: string | undefined,
    [request, chatOptions]: Parameters<ChatModel["chat"]>,
  ): Promise<ChatReply> => {
    stop.throwIfAborted();
    const key = { ...episode, call: replies + 1, ...(by === undefined ? {} : { by }), request: hash };
    const inBatches = askingOf?.(by);
    try {
      // What comes of a batch is kept when it comes.
      if (inBatches !== undefined) return await inBatches.ask(key, request);
      const reply = await model.chat(request, {
        label: `${key.suite}/${key.task}/${key.call}`,
        ...chatOptions,
        stop,
      });
      await keep({ ...key, ...replyFields(reply), cost: costOf(reply.usage, by) });
      return reply;
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      const { code, message, usage } = error;
      if (usage !== undefined)
        await keep({ ...key, error: { code, message }, usage, cost: costOf(usage, by) });
      // The call would be repeated, were it not told to stop: the episode has not failed.
      if (isRepeatable(error)) stop.throwIfAborted();
      throw error;
    }
  };

  const chat = async (
    model: ChatModel,
    by: string | undefined,
    ...call: Parameters<ChatModel["chat"]>
  ): Promise<ChatReply> => {
    const [request, chatOptions] = call;
    const hash = requestHash(request);
    const place = earlier.findIndex((reply) => reply.request === hash && reply.by === by);
    const [known] = place < 0 ? [] : earlier.splice(place, 1);
    const buying = known ?? buy(model, hash, by, call);
    if (buying instanceof Promise) {
      onTheWire.add(buying);
      const ended = (): void => void onTheWire.delete(buying);
      buying.then(ended, ended);
    }
    const reply = await buying;
    if (known !== undefined) chatOptions?.watch?.()(known.text);
    replies += 1;
    return replyFields(reply);
  };

  const recorded = (model: ChatModel, by?: string): ChatModel => ({
    name: model.name,
    chat: (...call) => chat(model, by, ...call),
  });

  return {
    player: (model) => recorded(model),
    outside: { recall: recallOf(options), recorded: (model) => recorded(model, model.name), signal: stop },
    settled: async () => {
      await Promise.allSettled(onTheWire);
    },
  };
}
