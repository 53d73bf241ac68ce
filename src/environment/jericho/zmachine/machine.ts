import { decode, type Instruction } from "./decode.ts";
import { FrotzRandom, type RandomState } from "./random.ts";
import { Screen, type ScreenState } from "./screen.ts";
import type { Story } from "./story.ts";
import { Halt, IllegalObject } from "./story.ts";
import { toZscii } from "./text.ts";

/** A routine that is being executed. */
interface Frame {
  /** Where its caller goes on. */
  readonly returnTo: number;
  /** The variable that takes its result; -1 when nothing does. */
  readonly store: number;
  /** Where its local variables begin on the stack, and where its own part of the stack does. */
  readonly locals: number;
  readonly base: number;
  readonly argumentCount: number;
}

/** A machine at rest, to go back to. */
export interface Snapshot {
  readonly memory: Uint8Array;
  readonly stack: Uint16Array;
  readonly frames: readonly Frame[];
  readonly pc: number;
  readonly random: RandomState;
  readonly screen: ScreenState;
  readonly keys: string;
}

/** What a step did to the objects, in its order: pairs of an object and where it went, or of an attribute. */
export interface Changes {
  readonly moved: number[];
  readonly set: number[];
  readonly cleared: number[];
}

/** What the machine waits for: a line or a key; `over` when the program has ended or failed. */
export type Waiting = "line" | "key" | "over";

/** As many values as frotz's stack holds in Jericho, of which each routine takes four. */
const STACK_SIZE = 1024;
const FRAME_SIZE = 4;
/** A program that does so much between two inputs will not come back: thousands of times what a game does. */
const MOST_INSTRUCTIONS = 200_000_000;

/**
 * A Z-machine (the Z-Machine Standards Document 1.1, versions 3, 4, 5 and 8) that behaves as frotz does in Jericho.
 * It runs until the program asks for input.
 */
export class Machine {
  readonly story: Story;
  readonly screen: Screen;
  readonly random: FrotzRandom;
  readonly changes: Changes = { moved: [], set: [], cleared: [] };
  /** Operands of the instruction that is done, and how many it has. */
  readonly operands = new Uint16Array(8);
  operandCount = 0;
  /** The instruction that is done. */
  current: Instruction;
  /** The line that was given and is not read yet. */
  line: string | undefined;
  /** Keys of a line that was given when a key was asked for; what asks for keys next takes them first. */
  keys = "";
  pc = 0;
  waiting: Waiting = "over";
  /** Instructions that were done so far. */
  instructions = 0;
  #memory: Uint8Array;
  readonly #stack = new Uint16Array(STACK_SIZE);
  #top = 0;
  #frames: Frame[] = [];
  #frame: Frame = { returnTo: 0, store: -1, locals: 0, base: 0, argumentCount: 0 };

  constructor(story: Story, seed: number) {
    this.story = story;
    this.#memory = new Uint8Array(story.bytes);
    this.random = new FrotzRandom(seed);
    this.screen = new Screen(this);
    this.current = decode(this, story.start);
    this.restart();
  }

  /** Begins the program anew. The random generator begins anew with its seed. */
  restart(): void {
    this.#memory.set(this.story.bytes.subarray(0, this.story.dynamicSize));
    this.#writeHeader();
    this.random.reseed();
    this.#top = 0;
    this.#frames = [];
    this.#frame = { returnTo: 0, store: -1, locals: 0, base: 0, argumentCount: 0 };
    this.pc = this.story.start;
    this.screen.clear();
  }

  /** What frotz tells programs of itself in Jericho: 128 by 1000 characters, no sound, mouse, colours or undo. */
  #writeHeader(): void {
    const { version } = this.story;
    const memory = this.#memory;
    const word = (address: number) => ((memory[address] ?? 0) << 8) | (memory[address + 1] ?? 0);
    if (version === 3) {
      memory[0x01] = (memory[0x01] ?? 0) | 0x20;
      this.#setHeader(0x10, word(0x10) & ~0x10);
    } else {
      memory[0x01] = (memory[0x01] ?? 0) | 0x80;
      memory.set([1, 0x46, 1000 & 0xff, 128], 0x1e);
    }
    if (version >= 5) {
      this.#setHeader(0x10, word(0x10) & ~0x01b0);
      this.#setHeader(0x22, 128);
      this.#setHeader(0x24, 1000);
      memory.set([1, 1], 0x26);
      memory.set([0, 0], 0x2c);
    }
    memory.set([1, 0], 0x32);
  }

  #setHeader(address: number, value: number): void {
    this.#memory[address] = value >> 8;
    this.#memory[address + 1] = value;
  }

  byte(address: number): number {
    return this.#memory[address] ?? 0;
  }

  word(address: number): number {
    return ((this.#memory[address] ?? 0) << 8) | (this.#memory[address + 1] ?? 0);
  }

  setByte(address: number, value: number): void {
    const to = address & 0xffff;
    if (to >= this.story.dynamicSize) throw new Halt("Store out of dynamic memory");
    this.#memory[to] = value;
  }

  setWord(address: number, value: number): void {
    this.setByte(address, value >> 8);
    this.setByte(address + 1, value);
  }

  /** An operand of the current instruction; 0 when it has not so many. */
  operand(place: number): number {
    return place < this.operandCount ? (this.operands[place] ?? 0) : 0;
  }

  push(value: number): void {
    if (this.#top >= STACK_SIZE) throw new Halt("Stack overflow");
    this.#stack[this.#top] = value;
    this.#top += 1;
  }

  pop(): number {
    if (this.#top <= this.#frame.base) throw new Halt("Stack underflow");
    this.#top -= 1;
    return this.#stack[this.#top] ?? 0;
  }

  /** A variable's value; reading variable 0 takes it off the stack. */
  variable(number: number): number {
    if (number === 0) return this.pop();
    if (number < 16) return this.#stack[this.#frame.locals + number - 1] ?? 0;
    return this.word(this.story.globals + 2 * (number - 16));
  }

  setVariable(number: number, value: number): void {
    if (number === 0) this.push(value);
    else if (number < 16) this.#stack[this.#frame.locals + number - 1] = value;
    else this.setWord(this.story.globals + 2 * (number - 16), value);
  }

  /** A variable that is named by an operand: variable 0 is the top of the stack, which stays. */
  peek(number: number): number {
    return number === 0 ? (this.#stack[this.#top - 1] ?? 0) : this.variable(number);
  }

  poke(number: number, value: number): void {
    if (number === 0) this.#stack[this.#top - 1] = value;
    else this.setVariable(number, value);
  }

  /** Keeps the result of the current instruction. */
  store(value: number): void {
    this.setVariable(this.current.store, value & 0xffff);
  }

  /** Branches when the condition is what the current instruction branches at. */
  branch(condition: boolean): void {
    const { branchWhen, branchTo } = this.current;
    if (condition !== branchWhen) return;
    if (branchTo === 0 || branchTo === 1) this.leave(branchTo);
    else this.pc = branchTo;
  }

  /** Calls the routine that the first operand names with the others. */
  call(store: number): void {
    const routine = this.operand(0);
    if (routine === 0) {
      if (store >= 0) this.setVariable(store, 0);
      return;
    }
    const address = routine * this.story.packing;
    const count = this.byte(address);
    const used = this.#top + FRAME_SIZE * (this.#frames.length + 1);
    if (used + count > STACK_SIZE) throw new Halt("Stack overflow");
    if (count > 15 || address >= this.story.bytes.length) throw new Halt("Call to non-routine");
    const locals = this.#top;
    const hasDefaults = this.story.version <= 4;
    for (let i = 0; i < count; i += 1) {
      const preset = hasDefaults ? this.word(address + 1 + 2 * i) : 0;
      this.#stack[locals + i] = i + 1 < this.operandCount ? (this.operands[i + 1] ?? 0) : preset;
    }
    this.#frames.push(this.#frame);
    this.#top = locals + count;
    const argumentCount = this.operandCount - 1;
    this.#frame = { returnTo: this.pc, store, locals, base: this.#top, argumentCount };
    this.pc = address + 1 + (hasDefaults ? 2 * count : 0);
  }

  /** Returns from the current routine. */
  leave(value: number): void {
    const { returnTo, store, locals } = this.#frame;
    const caller = this.#frames.pop();
    if (caller === undefined) throw new Halt("Stack underflow");
    this.#frame = caller;
    this.#top = locals;
    this.pc = returnTo;
    if (store >= 0) this.setVariable(store, value);
  }

  get depth(): number {
    return this.#frames.length;
  }

  get argumentCount(): number {
    return this.#frame.argumentCount;
  }

  /** Leaves routines until as many are left as there were at a depth, and returns from that one. */
  unwind(depth: number, value: number): void {
    if (depth > this.#frames.length) throw new Halt("Bad stack frame");
    while (this.#frames.length > depth) this.#frame = this.#frames.pop() ?? this.#frame;
    this.leave(value);
  }

  /** The program is over. */
  #end(): void {
    this.waiting = "over";
    this.screen.flush();
  }

  /** Gives what the machine waits for and runs until it waits again. @param text Latin-1. */
  answer(text: string): void {
    if (this.waiting === "over") return;
    this.line = text;
    this.run();
  }

  /** Runs until input is asked for. */
  run(): void {
    try {
      this.#run();
    } catch (error) {
      if (!(error instanceof Halt)) throw error;
      if (error instanceof IllegalObject) {
        for (const character of error.message) this.screen.print(character.charCodeAt(0));
        this.screen.newLine();
      }
      this.#end();
    }
  }

  #run(): void {
    const { decoded } = this.story;
    for (let left = MOST_INSTRUCTIONS; left > 0; left -= 1) {
      const at = this.pc;
      const instruction = decoded[at] ?? this.#decode(at);
      this.pc = instruction.next;
      this.current = instruction;
      const { computes, tests } = instruction;
      if (computes !== undefined) {
        const first = this.#value(instruction.first);
        const value = computes(first, this.#value(instruction.second), this);
        this.setVariable(instruction.store, value & 0xffff);
      } else if (tests !== undefined) {
        const first = this.#value(instruction.first);
        this.branch(tests(first, this.#value(instruction.second), this));
      } else if (!this.#perform(instruction)) {
        this.pc = at;
        this.instructions += MOST_INSTRUCTIONS - left;
        return;
      }
    }
    throw new Error("the game does not come back");
  }

  /** Reads the instruction that is next, and keeps it where nothing is written. */
  #decode(at: number): Instruction {
    const instruction = decode(this, at);
    if (at >= this.story.dynamicSize) this.story.decoded[at] = instruction;
    return instruction;
  }

  /** The value of an operand. */
  #value(operand: number): number {
    return operand < 0 ? this.variable(-1 - operand) : operand;
  }

  /** Does an instruction that is more than a value or a test. False when it waits for input that is not there. */
  #perform({ perform, reads, operands }: Instruction): boolean {
    if (reads !== undefined && this.line === undefined) {
      this.waiting = reads;
      return false;
    }
    const count = operands.length;
    for (let i = 0; i < count; i += 1) this.operands[i] = this.#value(operands[i] ?? 0);
    this.operandCount = count;
    perform?.(this);
    return true;
  }

  /** The machine as it is now, while it waits. */
  snapshot(): Snapshot {
    return {
      memory: this.#memory.slice(0, this.story.dynamicSize),
      stack: this.#stack.slice(0, this.#top),
      frames: [...this.#frames, this.#frame],
      pc: this.pc,
      random: this.random.state,
      screen: this.screen.state,
      keys: this.keys,
    };
  }

  restore(snapshot: Snapshot, waiting: Waiting): void {
    this.#memory.set(snapshot.memory);
    this.#stack.set(snapshot.stack);
    this.#top = snapshot.stack.length;
    this.#frames = snapshot.frames.slice(0, -1);
    this.#frame = snapshot.frames.at(-1) ?? this.#frame;
    this.pc = snapshot.pc;
    this.random.restore(snapshot.random);
    this.screen.restore(snapshot.screen);
    this.keys = snapshot.keys;
    this.line = undefined;
    this.waiting = waiting;
  }

  /** Forgets what steps did to the objects. */
  forgetChanges(): void {
    this.changes.moved.length = 0;
    this.changes.set.length = 0;
    this.changes.cleared.length = 0;
  }

  /** A character of Latin-1 as the program knows it. */
  zscii(code: number): number {
    return toZscii(this, code);
  }
}
