import * as z from "zod";
import type { Start, Step, World } from "../world.ts";
import type { Scoring } from "./scoring.ts";
import type { Simulator } from "./simulator/simulator.ts";
import type { Simulators } from "./simulator/simulators.ts";
import type { Problem } from "./tasks.ts";

/**
 * `agentboard` asks the simulator what AgentBoard asks, in its order: the lists of what can be done draw from the
 * world's random generator, and whether an action is in the list after it is AgentBoard's grounding accuracy. `plain`
 * asks for no list, which takes a quarter of the time, and counts what the simulator does not refuse.
 */
export type Rules = "agentboard" | "plain";

/** How a task is played. */
export interface Play extends Problem {
  readonly rules: Rules;
  /** What the agent is told to do; the simulator's own words when not given. */
  readonly goal: string | undefined;
  readonly scoring: Scoring;
}

const CHECK = "check valid actions";

/** How the simulator answers to what it does not understand, or understands in several ways. */
const REFUSALS = ["No known action matches that input", "Ambiguous request"];

const validActionsSchema = z.object({ validActions: z.array(z.object({ action: z.string() })) });

/** ScienceWorld as AgentBoard wraps it, in one of several simulators. */
export class SciworldWorld implements World {
  readonly #play: Play;
  readonly #simulators: Simulators;
  readonly #simulator: Simulator;
  #last: Step | undefined;

  constructor(play: Play, simulators: Simulators, simulator: Simulator) {
    this.#play = play;
    this.#simulators = simulators;
    this.#simulator = simulator;
  }

  async reset(): Promise<Start> {
    const { kind, variation, goal, rules } = this.#play;
    await this.#simulator.load(kind, variation, { gold: false });
    const sight = await this.#simulator.step("look around");
    const belongings = await this.#simulator.inventory();
    const description = goal ?? (await this.#simulator.taskDescription());
    if (rules === "agentboard") await this.#simulator.validActions();
    return { goal: description, observation: `${sight}\n${belongings}` };
  }

  async step(action: string): Promise<Step> {
    if (this.#last?.ending !== undefined) return this.#last;
    const asked = action.trim();
    const answer = asked === CHECK ? undefined : await this.#do(asked);
    const score = await this.#play.scoring.after(answer, this.#simulator);
    this.#last = {
      observation: answer ?? (await this.#list()),
      ...score,
      understood: await this.#isUnderstood(action, answer),
    };
    return this.#last;
  }

  /** Asking for them changes what comes by chance afterwards. */
  async actions(): Promise<readonly string[]> {
    const actions = await this.#simulator.validActions();
    return [...actions.filter((action) => action !== "reset task"), CHECK];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#simulators.giveBack(this.#simulator);
  }

  async #do(action: string): Promise<string> {
    const answer = await this.#simulator.step(action);
    if (this.#play.rules === "agentboard") await this.#simulator.validActions();
    return answer;
  }

  async #list(): Promise<string> {
    const templates = await this.#simulator.templates();
    const shown = [...templates.filter((template) => !template.includes("reset")), CHECK];
    return `Choose an action from these valid actions: ${shown.join(", ")}`;
  }

  async #isUnderstood(action: string, answer: string | undefined): Promise<boolean> {
    if (this.#play.rules === "plain") {
      return answer === undefined || !REFUSALS.some((refusal) => answer.startsWith(refusal));
    }
    const listing = JSON.parse(await this.#simulator.validActionsJson());
    const { validActions } = validActionsSchema.parse(listing);
    return action === CHECK || validActions.some((each) => each.action === action);
  }
}
