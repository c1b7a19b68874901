import { lineOf } from '../../histories/answer-of.ts'
import type { Scope } from '../../histories/operation.ts'
import { HttpConnection, type HttpHead } from './http-connection.ts'
import { watching } from './requests.ts'
import { type ClientPorts, serverOf } from './simulated-client.ts'

const lastsMsMax = 15_000
const rests = { chance: 0.2, msMax: 5_000 }

/** Watches one scope for a while, now and then too slowly. Resolves when that is over. */
export function watch(
  { world, recorder }: ClientPorts,
  name: string,
  { scope, since }: { scope: Scope; since: bigint | 'Initial' },
): Promise<void> {
  const { random, timeline, trace } = world
  const server = serverOf(world)
  if (server === undefined) return Promise.resolve()
  const recording = recorder.beginWatch(name, { verb: 'watch', scope, since })
  const wanted = watching(scope, since)
  trace.record(`${name} asks ${server.process.name}: ${wanted.path} as ${recording.userAgent}`)
  return new Promise((resolve) => {
    let head: HttpHead | undefined
    let rest = ''
    let isJudged = false
    const hear = (line: string) => {
      trace.note(`${name} hears ${line}`)
      const received = lineOf(scope.resource, line)
      if (received.type !== 'Refused') recording.receive(received)
      else {
        recording.ended(received)
        isJudged = true
      }
    }
    const over = () => {
      callOff()
      // A watch that has ended knows only what it received before.
      if (!isJudged && head && head.code >= 400) refuse(head.code, rest)
      trace.record(`${name} watches no more`)
      resolve()
    }
    const refuse = (code: number, body: string) => {
      const { reason = 'Unknown' } = JSON.parse(body) as { reason?: string }
      recording.answered(code === 504 ? { type: 'Unknown' } : { type: 'Refused', code, reason })
    }
    const connection = new HttpConnection(
      world,
      server,
      { ...wanted, userAgent: recording.userAgent },
      {
        head: (received) => {
          head = received
        },
        chunk: (text) => {
          const lines = `${rest}${text}`.split('\n')
          rest = lines.pop() ?? ''
          if (head && head.code < 400) for (const line of lines) world.guard(() => hear(line))
        },
        ended: over,
        cut: over,
      },
    )
    const callOff = timeline.after(random.between(0, lastsMsMax), () => connection.close())
    if (random.chance(rests.chance)) {
      timeline.after(random.between(0, rests.msMax), () => {
        connection.setReading(false)
        timeline.after(random.between(0, rests.msMax), () => connection.setReading(true))
      })
    }
  })
}
