/** What AgentBoard asks of each game, in words of our own: each goal is a part of the game that its labels follow. */
const GOALS: Readonly<Record<string, string>> = {
  "905": "Leave the house, then get out of the city by car before anyone catches you.",
  acorncourt:
    "Open the locked gate. Its key lies in the stone well, and the broken bucket can bring it up once it is mended.",
  afflicted: "Get into Nikolai's restaurant and find Nikolai without being caught.",
  balances:
    "Learn the spells rezrov, lleps and bozbar from spell books and scrolls, which may lie in furniture, in oats or in boxes, and find all spell books with their help. A spell is cast as in: cast rezrov on door.",
  dragon: "Find the mug that is somewhere in the inn.",
  jewel:
    "Reach the drop-off area in the fifth layer of the earth. Pulling the quartz out of the ceiling of the mineral cave may open a way up.",
  library: "Find the book on Graham Nelson in the library.",
  omniquest:
    "You hunt for treasure: find the round room under a rock of an island. In the sea you need something to breathe through.",
  reverb: "You deliver pizza, and your boss has an order for you. Find out whom it is for and deliver it.",
  snacktime:
    "You are a bulldog, and your pet human sleeps in the room. Wake him up and get a snack out of it.",
  zenon:
    "You are locked up on the starship Zenon. Get out of your cell into the corridor without being noticed; something that distracts the guard would help.",
  zork1: "Find the secret passage that begins in the living room of the house.",
  zork2:
    "Find the unicorn in the maze of the underground world. You need light, since a grue lives in the dark.",
  zork3:
    "Find the secret passage. The old man in the engravings room may help you for a piece of bread, which you must find first.",
  night:
    "Find the missing printer of the university. It hums behind a hidden panel in the dark: follow the sound, and get the flashlight out of the box by the elevator before.",
  pentari:
    "In a world of fantasy, find the jewelled dagger; look in the armory. Hide from the dark elf, who is faster than you.",
  weapon:
    "Make the weapon Yi-Lono-Mordel ready: calibrate its contacts anew and give it power with the power stud.",
  loose: "Find Mary's lost golden hairpin, which is hidden in a pot, and bring it back to her.",
};

/** What AgentBoard tells of huntdark, whose texts it does not find: both the goal and the first observation. */
export const NOT_WRITTEN = "Not written yet.";

/** The goal of a game whose progress is AgentBoard's. */
export function labelledGoal(game: string): string {
  return GOALS[game] ?? NOT_WRITTEN;
}

/** The goal of a game whose progress is its own score. */
export function scoredGoal(maxScore: number): string {
  return maxScore > 1 ? `Win the game. Its own score goes up to ${maxScore} points.` : "Win the game.";
}
