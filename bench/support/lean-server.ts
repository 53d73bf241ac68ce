import { type AddressInfo, createServer, type Socket } from "node:net";

/** Answers one request; the connection takes the next one once the answer is written. */
export type Answer = (socket: Socket) => void;

const HEAD_END = "\r\n\r\n";

/** The bytes that a request's body has, from its head. */
function bodyLength(head: string): number {
  const length = /^content-length: *(\d+)$/im.exec(head)?.[1];
  if (length === undefined) throw new Error(`a request without content-length:\n${head}`);
  return Number(length);
}

/**
 * As much of HTTP/1.1 as clients on the loopback need: requests with a `content-length` that come one after
 * the other, whose content is not looked at. A whole HTTP server would compete with the client for the
 * machine, and what is measured is the client.
 */
function serveSocket(socket: Socket, answer: Answer): void {
  let head = "";
  let missing = 0;
  socket.setNoDelay(true);
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk) => {
    if (missing > 0) {
      missing -= chunk.length;
      if (missing === 0) answer(socket);
      return;
    }
    head += chunk.toString("latin1");
    const end = head.indexOf(HEAD_END);
    if (end === -1) return;
    missing = bodyLength(head.slice(0, end)) - (head.length - end - HEAD_END.length);
    head = "";
    if (missing === 0) answer(socket);
  });
}

/** Listens on a free port of the loopback and gives the base URL, in the form that OpenAI's clients take. */
export async function serveLean(answer: Answer): Promise<string> {
  const server = createServer((socket) => serveSocket(socket, answer));
  await new Promise<void>((resolve) => server.listen({ port: 0, host: "127.0.0.1", backlog: 1024 }, resolve));
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}/v1`;
}
