import type { PodNetwork } from '../../runtime/runtime-usage.ts'

/**
 * Parses `/proc/<pid>/net/dev`, without the loopback: two heading rows, then for each interface eight numbers of what
 * was received and eight of what was sent. Pure.
 */
export const interfacesIn = (text: string): PodNetwork['interfaces'] =>
  text.split('\n').flatMap((row) => {
    const [, name = '', rest = ''] = /^\s*([^\s:|]+):(.*)$/.exec(row) ?? []
    if (name === '' || name === 'lo') return []
    const numbers = rest.trim().split(/\s+/).map(Number)
    const way = (from: number) => ({
      bytes: numbers[from] ?? 0,
      packets: numbers[from + 1] ?? 0,
      errors: numbers[from + 2] ?? 0,
      dropped: numbers[from + 3] ?? 0,
    })
    return [{ name, received: way(0), sent: way(8) }]
  })
