import { isRefusal, StatusError } from '@reckon/kubernetes'
import type { WritePorts } from './write-ports.ts'

const waitMsMax = 2_000
const waitsMax = 3

/**
 * Waits until the view has everything that was recorded before this call. Throws `ServiceUnavailable` if it does not
 * come: a view that a busy machine holds up comes later, and a store that has gone says so when it is asked again.
 */
export async function reachHead({ reader }: Pick<WritePorts, 'reader'>): Promise<void> {
  for (let waits = 0; waits < waitsMax; waits++) {
    if (await reader.waitForHead(waitMsMax)) return
  }
  throw new StatusError('ServiceUnavailable', 'the view does not reach the head of the log')
}

/** Decides something by other objects than the one that is written. */
export type Look = <T>(decide: () => T) => T

/**
 * Does a write that decides something by other objects, inside `look`. No expected revision guards that: what is
 * refused there stands only where it is refused again on a view that has everything that was recorded before.
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
    // Anything else, an unknown outcome above all, is no reason to do it again.
    if (error !== refused || !isRefusal(error)) throw error
    await reachHead(ports)
    return write((decide) => decide())
  }
}
