import { type Connection, type Dialer, NoAnswer } from '../runtime/dialer.ts'
import { simulatedCommand } from './simulated-command.ts'

/** Everything answers that it is well, unless a test says otherwise. */
export function createSimulatedDialer(): Dialer & { setStatus(status: number): void } {
  let answer = 200
  return {
    http: async () => answer,
    connect: async () => {
      if (answer !== 200) throw new Error('connection refused')
    },
    grpc: async () => {
      if (answer !== 200) throw new NoAnswer('connection refused')
      return 'SERVING'
    },
    async open() {
      if (answer !== 200) throw new NoAnswer('connection refused')
      return simulatedConnection()
    },
    setStatus(status) {
      answer = status
    },
  }
}

/** An echoing connection. */
function simulatedConnection(): Connection {
  const { output, write, endInput, leave } = simulatedCommand(['cat'])
  const incoming = async function* () {
    for await (const { bytes } of output) yield bytes
  }
  return { incoming: incoming(), write, end: endInput, close: () => void leave() }
}
