/**
 * A process that, at a line on its standard input, appends more at once than the connection takes, and counts the
 * answers.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { openEventStore } from '@reckon/eventing/eventstore'

const log = await openEventStore(process.argv[2] ?? '', { name: 'heap' })
console.log('connected')
await once(process.stdin, 'data')
const answers = Array.from({ length: 300 }, (_, n) =>
  log
    .append(`heaps-a/${n}`, 'Any', [
      {
        id: randomUUID(),
        type: 'HeapGrew',
        data: { noise: randomBytes(20_000).toString('hex') },
        metadata: { actor: { user: 'heap' }, verb: 'test', time: '', $correlationId: 'heap' },
      },
    ])
    .catch(() => undefined),
)
// Long enough for the connection to be full.
await sleep(300)
console.log('appending')
await Promise.all(answers)
console.log(`answered ${answers.length}`)
process.stdin.destroy()
await log.close()
