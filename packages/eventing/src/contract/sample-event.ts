import { randomUUID } from 'node:crypto'
import type { NewEvent } from '../log/event.ts'

/** A fresh event with arbitrary data. */
export const sampleEvent = (data: unknown = { n: 1 }, id: string = randomUUID()): NewEvent => ({
  id,
  type: 'SampleChanged',
  data,
  metadata: {
    actor: { user: 'contract' },
    verb: 'test',
    time: '2026-01-01T00:00:00.000Z',
    $correlationId: id,
  },
})

/** A stream that no other test uses. */
export const sampleStream = (): string => `samples-contract/${randomUUID()}`

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = []
  for await (const item of items) collected.push(item)
  return collected
}
