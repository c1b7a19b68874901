import type { WritePorts } from './write-ports.ts'

/**
 * The same ports, and what is asked of them, in order: `append <stream>`, `read <stream>`, `destroy <stream>`, `wait`.
 */
export function watched(ports: WritePorts): { ports: WritePorts; asked: readonly string[] } {
  const asked: string[] = []
  const { log, reader } = ports
  return {
    asked,
    ports: {
      ...ports,
      log: {
        ...log,
        append(stream, ...given) {
          asked.push(`append ${stream}`)
          return log.append(stream, ...given)
        },
        readStream(stream, ...given) {
          asked.push(`read ${stream}`)
          return log.readStream(stream, ...given)
        },
        tombstone(stream) {
          asked.push(`destroy ${stream}`)
          return log.tombstone(stream)
        },
      },
      reader: {
        waitForHead(...given) {
          asked.push('wait')
          return reader.waitForHead(...given)
        },
      },
    },
  }
}
