import type { Action, Parameter } from "./script.ts";
import type { ScriptFault } from "./script-fault.ts";

const PATH = "Available Actions";
const KEYS: ReadonlySet<string> = new Set([
  "description",
  "special format",
  "verification code",
  "parameters",
]);

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every(isText);
}

/** Reads actions and gathers what is wrong with them; by hand, since `verify` reads one list a line. */
class ActionsReader {
  readonly faults: ScriptFault[] = [];

  read(value: unknown): Action[] {
    if (!isRecord(value)) return this.#fault(PATH, "must be an object keyed by the actions' names", []);
    const names = Object.keys(value);
    if (names.length === 0) return this.#fault(PATH, "must list at least one action", []);
    return names.flatMap((name) => this.#action(name, value[name]) ?? []);
  }

  #fault<Value>(path: string, problem: string, value: Value): Value {
    this.faults.push({ code: "wrong-keys", path, problem });
    return value;
  }

  #action(name: string, wire: unknown): Action | undefined {
    const path = `${PATH} > ${name}`;
    if (!isRecord(wire)) return this.#fault(path, "must be an object", undefined);
    const extra = Object.keys(wire).find((key) => !KEYS.has(key));
    if (extra !== undefined) this.#fault(path, `the key "${extra}" does not belong there`, undefined);
    const { description, "special format": specialFormat, "verification code": pattern } = wire;
    if (description !== undefined && typeof description !== "string") {
      this.#fault(`${path} > description`, "must be a string", undefined);
    }
    if (specialFormat !== undefined && !isText(specialFormat)) {
      this.#fault(`${path} > special format`, "must be a string and not empty", undefined);
    }
    if (!isText(pattern)) {
      return this.#fault(`${path} > verification code`, "must be a string and not empty", undefined);
    }
    return {
      name,
      ...(typeof description === "string" ? { description } : {}),
      ...(isText(specialFormat) ? { specialFormat } : {}),
      pattern,
      parameters: this.#parameters(`${path} > parameters`, wire.parameters),
    };
  }

  #parameters(path: string, wire: unknown): readonly Parameter[] {
    if (wire === undefined) return [];
    if (!isRecord(wire)) return this.#fault(path, "must be an object of lists", []);
    return Object.keys(wire).flatMap((name) => {
      const values = wire[name];
      return isTexts(values)
        ? [{ name, values }]
        : this.#fault(`${path} > ${name}`, "must be a list of strings that are not empty", []);
    });
  }
}

/** Reads the available actions, which are all that Algorithm 1 takes from a script (App. L). */
export function actionsFromWire(value: unknown): readonly Action[] | readonly ScriptFault[] {
  const reader = new ActionsReader();
  const actions = reader.read(value);
  return reader.faults.length > 0 ? reader.faults : actions;
}
