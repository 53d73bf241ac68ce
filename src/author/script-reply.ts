import type { Random } from "../random.ts";
import type { Action, Script } from "../script/script.ts";
import { scriptToWire, type WireScript } from "../script/wire.ts";
import { breakJson, wrapInProse } from "./break-json.ts";
import type { FaultRates } from "./fault-rates.ts";

function withAction(script: Script, random: Random, change: (action: Action) => Action): Script {
  const fitting = script.actions.filter(
    (action) => action.specialFormat === undefined && action.parameters.length > 0,
  );
  const chosen = random.pick(fitting);
  return {
    ...script,
    actions: script.actions.map((action) => (action === chosen ? change(action) : action)),
  };
}

/** The script with the faults that lie in its actions. */
function spoiltActions(script: Script, rates: FaultRates, random: Random): Script {
  if (random.chance(rates.scriptBadPattern)) {
    return withAction(script, random, (action) => ({ ...action, pattern: `${action.pattern}(` }));
  }
  if (random.chance(rates.scriptRejectedName)) {
    return withAction(script, random, (action) => ({ ...action, pattern: `please ${action.pattern}` }));
  }
  if (random.chance(rates.scriptMissingValues)) {
    return withAction(script, random, (action) => ({ ...action, parameters: action.parameters.slice(1) }));
  }
  return script;
}

function withoutKey(wire: WireScript, random: Random): object {
  const gone = random.pick(["Goal", "Thought", "Completion Conditions"]);
  return Object.fromEntries(Object.entries(wire).filter(([key]) => key !== gone));
}

/** The text of a reply to a request for a script, with faults as often as the rates say. */
export function scriptReply(script: Script, rates: FaultRates, random: Random): string {
  const wire = scriptToWire(spoiltActions(script, rates, random));
  const value = random.chance(rates.scriptMissingKey) ? withoutKey(wire, random) : wire;
  const plain = JSON.stringify(value, undefined, random.pick([1, 2]));
  const text = random.chance(rates.scriptBrokenJson) ? breakJson(plain, random) : plain;
  return random.chance(rates.proseAround) ? wrapInProse(text, "script", random) : text;
}
