import { AgentRefineError } from "../errors.ts";
import type { ChatModel } from "../model/chat-model.ts";
import { randomFor } from "../random.ts";
import type { CallRecord } from "./record.ts";

/** What a call is for. */
export type Purpose = CallRecord["purpose"];

/** The part of the work that one of several models has. */
interface WriterShare {
  /** From 0 to 1; the shares are 1 together. All have the same when none is given. */
  readonly share?: number | undefined;
  /** The calls that it answers; both kinds when not given. Either all writers say it or none does. */
  readonly for?: Purpose | undefined;
}

/** One of several models that write for a run. */
export interface Writer extends WriterShare {
  readonly model: ChatModel;
  /** How many of its personas are worked on at once. */
  readonly concurrency: number;
  /** The most tokens that a reply of it may have, by which a budget reckons. */
  readonly maxTokens?: number | undefined;
}

/** The models that share the personas of a run, and the seed from which it is drawn who has which. */
export interface Writers {
  readonly seed: number | string;
  readonly writers: readonly Writer[];
}

/** Who writes a persona: the models of its calls, by name, and what they are called together. */
interface Pairing {
  /** The name of the one model, or those of both, as `a + b`. */
  readonly label: string;
  readonly script: string;
  readonly trajectory: string;
  /** From 0 to 1. */
  readonly share: number;
}

/** How far shares may be from 1 together, since thirds are written with a few digits. */
const TOLERANCE = 0.005;

function named(names: readonly string[]): string {
  return names.join(", ");
}

/** The writers of one kind of call with their shares, which are exactly 1 together. */
function sharesOf(
  writers: readonly (readonly [string, WriterShare])[],
): readonly (readonly [string, number])[] {
  const without = writers.filter(([, { share }]) => share === undefined).map(([name]) => name);
  if (without.length === writers.length) return writers.map(([name]) => [name, 1 / writers.length]);
  if (without.length > 0) {
    throw new AgentRefineError(`${named(without)} has no share, and other writers have one`, {
      fix: "Give each writer a share, or none.",
    });
  }
  const sum = writers.reduce((all, [, { share = 0 }]) => all + share, 0);
  if (Math.abs(sum - 1) > TOLERANCE) {
    throw new AgentRefineError(
      `the shares of ${named(writers.map(([name]) => name))} are ${Number(sum.toFixed(4))} together, not 1`,
      { fix: "Give shares such as 0.7 and 0.3." },
    );
  }
  return writers.map(([name, { share = 0 }]) => [name, share / sum]);
}

function byPurpose(writers: readonly (readonly [string, WriterShare])[]): readonly Pairing[] {
  const both = writers.filter((writer) => writer[1].for === undefined).map(([name]) => name);
  if (both.length > 0) {
    throw new AgentRefineError(`${named(both)} does not say for which calls, and other writers do`, {
      fix: "Give each writer for=script or for=trajectory, or none.",
    });
  }
  const of = (purpose: Purpose): readonly (readonly [string, number])[] => {
    const some = writers.filter((writer) => writer[1].for === purpose);
    if (some.length > 0) return sharesOf(some);
    throw new AgentRefineError(`no writer is for=${purpose}`, { fix: `Give one with for=${purpose}.` });
  };
  const trajectories = of("trajectory");
  return of("script").flatMap(([script, part]) =>
    trajectories.map(([trajectory, share]) => ({
      label: `${script} + ${trajectory}`,
      script,
      trajectory,
      share: part * share,
    })),
  );
}

/**
 * Who may write a persona, by the writers' names, in the order of the names, on which no draw may depend. Throws
 * AgentRefineError for shares that are not 1 together and for calls that nobody answers.
 */
export function pairingsOf(writers: Readonly<Record<string, WriterShare>>): readonly Pairing[] {
  const sorted = Object.entries(writers).sort(([one], [other]) => (one < other ? -1 : 1));
  if (sorted.some((writer) => writer[1].for !== undefined)) return byPurpose(sorted);
  return sharesOf(sorted).map(([name, share]) => ({ label: name, script: name, trajectory: name, share }));
}

/** The pairing that writes the persona at a place of the run: the same whenever, wherever and beside whom it is asked. */
export function drawPairing(
  pairings: readonly Pairing[],
  seed: number | string,
  index: number,
): Pairing | undefined {
  let rest = randomFor(seed, "writer", index).next();
  for (const pairing of pairings) {
    if (rest < pairing.share) return pairing;
    rest -= pairing.share;
  }
  return pairings.at(-1);
}

/** A pairing at work. */
export interface Team {
  /** Undefined where one model writes all, as the run's records then do not name it. */
  readonly label: string | undefined;
  readonly script: ChatModel;
  readonly trajectory: ChatModel;
  /** How many of its personas are worked on at once. */
  readonly concurrency: number;
  /** The most tokens of a reply. */
  readonly maxTokens: number | undefined;
  /** Whether the persona at this place of the run is its. */
  readonly has: (index: number) => boolean;
}

/** The team of a run that one model writes. */
export function soleTeam(model: ChatModel, concurrency: number): Team {
  return {
    label: undefined,
    script: model,
    trajectory: model,
    concurrency,
    maxTokens: undefined,
    has: () => true,
  };
}

/** The teams of a run that several models write. Throws AgentRefineError: see {@link pairingsOf}. */
export function teamsOf({ seed, writers }: Writers): readonly Team[] {
  const byName = new Map(writers.map((writer) => [writer.model.name, writer]));
  if (byName.size < writers.length)
    throw new AgentRefineError("two writers have the same name", { fix: "Give each model once." });
  const pairings = pairingsOf(Object.fromEntries(byName));
  return pairings.flatMap((pairing): Team[] => {
    const script = byName.get(pairing.script);
    const trajectory = byName.get(pairing.trajectory);
    if (script === undefined || trajectory === undefined) return [];
    return [
      {
        label: pairing.label,
        script: script.model,
        trajectory: trajectory.model,
        concurrency: Math.max(script.concurrency, trajectory.concurrency),
        maxTokens: Math.max(script.maxTokens ?? 0, trajectory.maxTokens ?? 0) || undefined,
        has: (index) => drawPairing(pairings, seed, index)?.label === pairing.label,
      },
    ];
  });
}

/** What the writers of a call are called together; undefined in a run of one model. */
export function writersOf({ model, writers }: Pick<CallRecord, "model" | "writers">): string | undefined {
  return writers ?? model;
}
