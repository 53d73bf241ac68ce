import { AgentRefineError } from "../errors.ts";

/** A setting whose given value is not the one that a run was started with. */
interface SettingDifference {
  /** The path to the setting, such as `model.name`. */
  readonly key: string;
  /** Undefined when it was not set. */
  readonly saved: unknown;
  /** Undefined when it is not given. */
  readonly given: unknown;
}

/** Settings as a file holds them, which nothing has checked. */
export type Settings = Readonly<Record<string, unknown>>;

const LONGEST_VALUE = 60;

export function isSettings(value: unknown): value is Settings {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function ownValue(settings: Settings, key: string): unknown {
  return Object.hasOwn(settings, key) ? settings[key] : undefined;
}

/** Whether two JSON values are the same; the order of an object's keys does not count. */
function isSame(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => isSame(item, other[index]));
  }
  if (isSettings(one) && isSettings(other)) return settingsDifference(one, other).length === 0;
  return one === other;
}

/**
 * The settings that differ, in the order of `saved` and then of `given`. Groups of settings are compared key by
 * key and lists as a whole; a setting that is undefined is not set.
 */
export function settingsDifference(saved: Settings, given: Settings): readonly SettingDifference[] {
  const keys = new Set([...Object.keys(saved), ...Object.keys(given)]);
  return [...keys].flatMap((key): readonly SettingDifference[] => {
    const before = ownValue(saved, key);
    const now = ownValue(given, key);
    if (isSettings(before) && isSettings(now)) {
      return settingsDifference(before, now).map((inner) => ({ ...inner, key: `${key}.${inner.key}` }));
    }
    return isSame(before, now) ? [] : [{ key, saved: before, given: now }];
  });
}

function valueInWords(value: unknown): string {
  if (value === undefined) return "not set";
  const text = JSON.stringify(value);
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE)}…`;
}

/** A difference as words, such as `seed was 7, now 8`. */
export function differenceInWords(difference: SettingDifference): string {
  return `${difference.key} was ${valueInWords(difference.saved)}, now ${valueInWords(difference.given)}`;
}

/** What a run of `generate` and an evaluation have more of when it is larger: personas, tasks. */
const SIZES: readonly string[] = ["personas.limit", "personas.sample", "limit", "sample"];

/** Whether a difference only lets the work grow: more of the same personas or tasks. */
function letsGrow({ key, saved, given }: SettingDifference): boolean {
  return SIZES.includes(key) && typeof saved === "number" && typeof given === "number" && given > saved;
}

/** What given settings are to saved ones. */
export interface Differences {
  /** Those that contradict, in words. */
  readonly contradictions: readonly string[];
  /** Whether there are some that let the work grow. */
  readonly grows: boolean;
}

/** Compares settings with saved ones. */
export function differencesOf(saved: object, given: object): Differences {
  const different = settingsDifference({ ...saved }, { ...given });
  return {
    contradictions: different.filter((each) => !letsGrow(each)).map(differenceInWords),
    grows: different.some(letsGrow),
  };
}

/**
 * Refuses settings that contradict those with which the work in a folder was started. `shown` is how the folder is
 * named, `command` resumes with the saved ones.
 */
export function contradiction(
  shown: string,
  different: readonly string[],
  command: string,
): AgentRefineError {
  return new AgentRefineError(`${shown} was started with other settings: ${different.join("; ")}`, {
    fix: `Resume with the saved settings (agentrefine ${command} ${shown}), or give another --out.`,
  });
}
