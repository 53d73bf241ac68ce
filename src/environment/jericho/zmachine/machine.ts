import { decode, type Instruction } from "./decode.ts";
import { signed } from "./definition.ts";
import { FrotzRandom, type RandomState } from "./random.ts";
import { Screen, type ScreenState } from "./screen.ts";
import type { Story } from "./story.ts";
import { Halt, IllegalObject, writeFrotzHeader } from "./story.ts";

/** A machine at rest, to go back to. */
export interface Snapshot {
  readonly memory: Uint8Array;
  readonly stack: Uint16Array;
  readonly frames: Int32Array;
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

/**
 * What is kept of a routine that is being executed, number after number, since an object a call would be garbage a
 * hundred times a step: where its caller goes on; the variable that takes its result, -1 when nothing does; where its
 * local variables begin on the stack, and where its own part of the stack does; how many arguments it was given.
 */
const RETURN_TO = 0;
const STORE = 1;
const LOCALS = 2;
const BASE = 3;
const ARGUMENTS = 4;
const KEPT = 5;
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
  readonly #frames = new Int32Array(KEPT * (STACK_SIZE / FRAME_SIZE + 1));
  /** Where what is kept of the current routine begins; its locals and base are beside it, as they are always needed. */
  #frame = 0;
  #locals = 0;
  #base = 0;

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
    writeFrotzHeader(this.#memory, this.story.version);
    this.random.reseed();
    this.#top = 0;
    this.#frames.set([0, -1, 0, 0, 0]);
    this.#goTo(0);
    this.pc = this.story.start;
    this.screen.clear();
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
    if (this.#top <= this.#base) throw new Halt("Stack underflow");
    this.#top -= 1;
    return this.#stack[this.#top] ?? 0;
  }

  /** A variable's value; reading variable 0 takes it off the stack. */
  variable(number: number): number {
    if (number === 0) return this.pop();
    if (number < 16) return this.#stack[this.#locals + number - 1] ?? 0;
    return this.word(this.story.globals + 2 * (number - 16));
  }

  setVariable(number: number, value: number): void {
    if (number === 0) this.push(value);
    else if (number < 16) this.#stack[this.#locals + number - 1] = value;
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
    this.#branch(this.current, condition);
  }

  /** Adds one to a variable or takes one away; returns what it is then. */
  step(variable: number, by: 1 | -1): number {
    const value = (this.peek(variable) + by) & 0xffff;
    this.poke(variable, value);
    return value;
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
    const used = this.#top + FRAME_SIZE * (this.depth + 1);
    if (used + count > STACK_SIZE) throw new Halt("Stack overflow");
    if (count > 15 || address >= this.story.bytes.length) throw new Halt("Call to non-routine");
    const locals = this.#top;
    const hasDefaults = this.story.version <= 4;
    for (let i = 0; i < count; i += 1) {
      const preset = hasDefaults ? this.word(address + 1 + 2 * i) : 0;
      this.#stack[locals + i] = i + 1 < this.operandCount ? (this.operands[i + 1] ?? 0) : preset;
    }
    this.#top = locals + count;
    const frame = this.#frame + KEPT;
    this.#frames[frame + RETURN_TO] = this.pc;
    this.#frames[frame + STORE] = store;
    this.#frames[frame + LOCALS] = locals;
    this.#frames[frame + BASE] = this.#top;
    this.#frames[frame + ARGUMENTS] = this.operandCount - 1;
    this.#goTo(frame);
    this.pc = address + 1 + (hasDefaults ? 2 * count : 0);
  }

  /** Returns from the current routine. */
  leave(value: number): void {
    if (this.#frame === 0) throw new Halt("Stack underflow");
    const store = this.#frames[this.#frame + STORE] ?? -1;
    this.pc = this.#frames[this.#frame + RETURN_TO] ?? 0;
    this.#top = this.#locals;
    this.#goTo(this.#frame - KEPT);
    if (store >= 0) this.setVariable(store, value);
  }

  #goTo(frame: number): void {
    this.#frame = frame;
    this.#locals = this.#frames[frame + LOCALS] ?? 0;
    this.#base = this.#frames[frame + BASE] ?? 0;
  }

  /** How many routines the current one was called by. */
  get depth(): number {
    return this.#frame / KEPT;
  }

  get argumentCount(): number {
    return this.#frames[this.#frame + ARGUMENTS] ?? 0;
  }

  /** Leaves routines until as many are left as there were at a depth, and returns from that one. */
  unwind(depth: number, value: number): void {
    if (depth > this.depth) throw new Halt("Bad stack frame");
    this.#goTo(KEPT * depth);
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
    const memory = this.#memory;
    for (let left = MOST_INSTRUCTIONS; left > 0; left -= 1) {
      const at = this.pc;
      const instruction = decoded[at] ?? this.#decode(at);
      this.pc = instruction.next;
      const { kind } = instruction;
      if (kind === 0) {
        if (this.#perform(instruction)) continue;
        this.pc = at;
        this.instructions += MOST_INSTRUCTIONS - left;
        return;
      }
      const a = this.#value(instruction.first);
      const b = this.#value(instruction.second);
      // Literal numbers, which V8 makes a table of jumps of; definition.ts names them.
      switch (kind) {
        case 1:
          this.#keep(instruction.store, instruction.does.computes?.(a, b, this) ?? 0);
          break;
        case 2:
          this.#branch(instruction, instruction.does.tests?.(a, b, this) ?? false);
          break;
        case 3:
          this.#keep(instruction.store, memory[(a + b) & 0xffff] ?? 0);
          break;
        case 4:
          this.#keep(instruction.store, this.word((a + 2 * b) & 0xffff));
          break;
        case 5:
          this.setByte(a + b, this.#value(instruction.third));
          break;
        case 6:
          this.setWord(a + 2 * b, this.#value(instruction.third));
          break;
        case 7:
          this.#branch(instruction, a === 0);
          break;
        case 8:
          this.#branch(instruction, a === b);
          break;
        case 9:
          this.#branch(instruction, signed(this.step(a, -1)) < signed(b));
          break;
        case 10:
          this.#branch(instruction, signed(this.step(a, 1)) > signed(b));
          break;
        case 11:
          this.#keep(instruction.store, a + b);
          break;
        case 12:
          this.poke(a, b);
          break;
        case 13:
          this.pc += signed(a) - 2;
          break;
      }
    }
    throw new Error("the game does not come back");
  }

  /** Keeps a result in a variable. */
  #keep(variable: number, value: number): void {
    if (variable > 0 && variable < 16) this.#stack[this.#locals + variable - 1] = value;
    else this.setVariable(variable, value & 0xffff);
  }

  #branch({ branchWhen, branchTo }: Instruction, condition: boolean): void {
    if (condition !== branchWhen) return;
    if (branchTo === 0 || branchTo === 1) this.leave(branchTo);
    else this.pc = branchTo;
  }

  /** Reads the instruction that is next, and keeps it where nothing is written. */
  #decode(at: number): Instruction {
    const instruction = decode(this, at);
    if (at >= this.story.dynamicSize) this.story.decoded[at] = instruction;
    return instruction;
  }

  #value(operand: number): number {
    if (operand >= 0) return operand;
    if (operand === -1 || operand < -16) return this.variable(-1 - operand);
    return this.#stack[this.#locals - 2 - operand] ?? 0;
  }

  /** Does an instruction that is more than a value or a test. False when it waits for input that is not there. */
  #perform(instruction: Instruction): boolean {
    const { does, operands } = instruction;
    if (does.reads !== undefined && this.line === undefined) {
      this.waiting = does.reads;
      return false;
    }
    this.current = instruction;
    const count = operands.length;
    for (let i = 0; i < count; i += 1) this.operands[i] = this.#value(operands[i] ?? 0);
    this.operandCount = count;
    does.perform?.(this);
    return true;
  }

  /** The machine as it is now, while it waits. */
  snapshot(): Snapshot {
    return {
      memory: this.#memory.slice(0, this.story.dynamicSize),
      stack: this.#stack.slice(0, this.#top),
      frames: this.#frames.slice(0, this.#frame + KEPT),
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
    this.#frames.set(snapshot.frames);
    this.#goTo(snapshot.frames.length - KEPT);
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
}
