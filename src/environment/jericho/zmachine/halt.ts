/** A program did what frotz halts at, such as a division by zero: it is over. */
export class Halt extends Error {}

/** An object was asked for that cannot be; frotz says so on the screen and halts. */
export class IllegalObject extends Halt {}
