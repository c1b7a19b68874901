import type { Writable } from 'node:stream'

/** Writes; resolves when more can be written, to false if the stream has ended. */
export async function writeTo(sink: Writable, bytes: Uint8Array): Promise<boolean> {
  if (sink.destroyed || sink.writableEnded) return false
  if (sink.write(bytes)) return true
  await new Promise<void>((resolve) => {
    const done = () => {
      sink.off('drain', done)
      sink.off('close', done)
      resolve()
    }
    sink.on('drain', done)
    sink.on('close', done)
  })
  return !sink.destroyed
}
