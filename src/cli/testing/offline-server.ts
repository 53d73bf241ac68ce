import { offlineModel } from "../../author/offline-model.ts";
import { type ChatServer, startChatServer } from "../../model/testing/chat-server.ts";
import type { ServedReply } from "../../model/testing/served-answer.ts";

/** A real server on this machine behind which the offline author writes. */
export function startOfflineServer(reply: Partial<ServedReply> = {}): Promise<ChatServer> {
  const author = offlineModel({ seed: "1" });
  return startChatServer(async ({ messages }) => {
    const { text } = await author.chat({ messages });
    return { text, ...reply };
  });
}
