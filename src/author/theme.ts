/** A room with what stands in it. Names are lower-case, singular, and fit after "in the". */
export interface ThemeRoom {
  readonly name: string;
  /** Open places to put things on. */
  readonly surfaces: readonly string[];
  /** Things with a door or a lid, to keep things in. */
  readonly containers: readonly string[];
}

/** Something that is done to an object at a station: washing in a sink, printing on a press. */
export interface Treatment {
  readonly verb: string;
  /** The participle: "washed". */
  readonly done: string;
  readonly station: string;
  readonly preposition: "in" | "on" | "with" | "at";
  readonly room: string;
  /** Whether the station has to be switched on first. */
  readonly switched: boolean;
  readonly objects: readonly string[];
}

/** A device that needs parts, and the tool to fit them with. */
export interface Repair {
  readonly device: string;
  readonly room: string;
  /** The parts that are missing. */
  readonly parts: readonly [string, string];
  /** Parts that look alike and do not fit. */
  readonly strays: readonly string[];
  readonly tool: string;
  /** What happens when it runs again: "starts to hum". */
  readonly result: string;
}

/** Things of one kind that show a number each. */
export interface Inspection {
  /** Names of fixtures, one in each of the rooms of the same place. */
  readonly things: readonly string[];
  readonly rooms: readonly string[];
  /** What they show: "temperature". */
  readonly quantity: string;
  readonly unit: string;
  readonly lowest: number;
  readonly highest: number;
}

/** Controls that have to be worked in an order that a document gives. */
export interface Procedure {
  readonly machine: string;
  readonly room: string;
  readonly verb: string;
  readonly controls: readonly string[];
  /** What tells the order: "instruction card". */
  readonly document: string;
  /** What happens at the end: "the kiln begins to glow". */
  readonly result: string;
}

/** Objects that are compared with an instrument. */
export interface Measurement {
  readonly verb: string;
  readonly done: string;
  readonly instrument: string;
  readonly preposition: "on" | "with" | "in" | "at";
  readonly room: string;
  readonly unit: string;
  /** What the greatest reading makes an object: "heaviest". */
  readonly superlative: string;
  readonly lowest: number;
  readonly highest: number;
  readonly objects: readonly string[];
}

/** The vocabulary of one kind of place. All names are lower-case and singular. */
export interface Theme {
  readonly name: string;
  /** Beginnings of words in a persona that lead here. */
  readonly words: readonly string[];
  /** What the whole is called: "neighbourhood bakery". */
  readonly building: string;
  /** What connects the rooms when they do not open into each other. */
  readonly corridor: string;
  readonly rooms: readonly ThemeRoom[];
  /** Things that can be carried. */
  readonly objects: readonly string[];
  /** Words that tell like objects apart. */
  readonly adjectives: readonly string[];
  readonly keys: readonly string[];
  readonly treatments: readonly Treatment[];
  readonly repairs: readonly Repair[];
  readonly inspections: readonly Inspection[];
  readonly procedures: readonly Procedure[];
  readonly measurements: readonly Measurement[];
  /** Who asked for the task. */
  readonly people: readonly string[];
  /** What the task is for: "the morning delivery". */
  readonly occasions: readonly string[];
}
