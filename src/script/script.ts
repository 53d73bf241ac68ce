/** A JSON value as a model wrote it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object. Its keys are data of a model: read them with `Object.hasOwn` only. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** One parameter of an action with all values that it may take. */
export interface Parameter {
  readonly name: string;
  readonly values: readonly string[];
}

/** One available action (App. L). */
export interface Action {
  /** The name with its placeholders, such as `take {object} from {place}`. */
  readonly name: string;
  readonly description?: string;
  /** Set for actions whose parameters are not listed, such as answering or editing (paper, footnote 1). */
  readonly specialFormat?: string;
  /** The paper's "verification code": a regular expression in Python's syntax. */
  readonly pattern: string;
  readonly parameters: readonly Parameter[];
}

/** The model-written world (App. L). */
export interface Script {
  readonly thought: string;
  /** The initial state of the environment. */
  readonly initialState: string;
  /** The tree of places and objects, with what only the dungeon master may know. */
  readonly placesAndObjects: JsonObject;
  /** The player's restrictions. */
  readonly player: string;
  readonly goal: string;
  readonly completionConditions: readonly string[];
  readonly actions: readonly Action[];
}
