import type { ProcessHealth } from '@reckon/process'
import { askSocket } from '@reckon/process/ask-socket'

/** Asks a process for its health over its unix socket; undefined when it does not answer. */
export async function healthOf(socketPath: string): Promise<ProcessHealth | undefined> {
  const text = await askSocket(socketPath, '/health')
  return text === undefined ? undefined : JSON.parse(text)
}
