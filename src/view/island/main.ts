import { listenToKeys } from "./keys.ts";
import { listenToChanges } from "./live.ts";

listenToKeys();
listenToChanges();
