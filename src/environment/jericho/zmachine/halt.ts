/** A program is over: it has ended, or did what frotz halts at, such as a division by zero. */
export class Halt extends Error {}

/** An object was asked for that cannot be; frotz says so on the screen and halts. */
export class IllegalObject extends Halt {}
