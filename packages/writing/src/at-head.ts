import { isRefusal, StatusError } from '@reckon/kubernetes'
import type { WritePorts } from './write-ports.ts'

const waitMsMax = 2_000
const waitsMax = 3

/**
 * Waits until the view has everything recorded before this call. Throws `ServiceUnavailable` if that takes too long: on
 * a busy machine the view comes later, and a store that is away says so at the next call.
 */
export async function reachHead({ reader }: Pick<WritePorts, 'reader'>): Promise<void> {
  for (let waits = 0; waits < waitsMax; waits++) {
    if (await reader.waitForHead(waitMsMax)) return
  }
  throw new StatusError('ServiceUnavailable', 'the view does not reach the head of the log')
}

/** Runs a decision that depends on other objects than the one written. */
export type Look = <T>(decide: () => T) => T

/**
 * Runs a write whose decisions on other objects are made with `look`. No expected revision guards these: a refusal
 * counts only if it is repeated on a view that has everything recorded before.
 */
export async function atHead<T>(
  ports: Pick<WritePorts, 'reader'>,
  write: (look: Look) => T | Promise<T>,
): Promise<T> {
  let refused: unknown
  try {
    return await write((decide) => {
      try {
        return decide()
      } catch (error) {
        refused = error
        throw error
      }
    })
  } catch (error) {
    // Anything else, above all an unknown outcome, is no reason to repeat the write.
    if (error !== refused || !isRefusal(error)) throw error
    await reachHead(ports)
    return write((decide) => decide())
  }
}
