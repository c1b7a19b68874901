import type { AgentPorts } from '../agent-ports.ts'
import { isPassing } from '../runtime/runtime.ts'

const askEveryMs = 10_000
/** As long as a kubelet waits before it reports its runtime as down. */
const answerMsMax = 30_000
const stepMs = 1_000

export const noAnswer = `it has not answered for ${answerMsMax / 1000}s`

/**
 * Pings the engine regularly, and reports when it has not answered for long, and when it answers again: an engine that
 * is stopped or overloaded ends no connection. An engine that is away is detected elsewhere. Runs until the signal
 * aborts.
 */
export async function watchSilence(
  { runtime, clock }: Pick<AgentPorts, 'runtime' | 'clock'>,
  tell: (isSilent: boolean) => void,
  signal: AbortSignal,
): Promise<void> {
  const answers = () =>
    runtime.facts().then(
      () => true,
      (error: unknown) => {
        if (!isPassing(error)) throw error
        return false
      },
    )
  while (!signal.aborted) {
    await clock.sleep(askEveryMs, signal)
    const asked = answers()
    // In steps: if this process itself was blocked, it should first receive what came meanwhile.
    for (let waitedMs = 0; !signal.aborted; waitedMs += stepMs) {
      const isAnswered = await Promise.race([asked, clock.sleep(stepMs, signal)])
      if (isAnswered === true) tell(false)
      if (isAnswered !== undefined) break
      if (waitedMs >= answerMsMax) tell(true)
    }
  }
}
