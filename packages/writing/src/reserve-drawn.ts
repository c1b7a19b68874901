import { reservablesOf } from '@reckon/domain'
import { isDeepEqual, isRefusal } from '@reckon/kubernetes'
import { reachHead } from './at-head.ts'
import { reserve } from './phases.ts'
import type { Transition } from './reserve-plugin.ts'
import type { WritePorts } from './write-ports.ts'

const triesMax = 5

/**
 * Draws random values for a write, and reserves them. If a drawn address or port is taken by now, another is drawn, on
 * a view that knows so; a requested one is refused.
 */
export async function reserveDrawn<Drawn extends { transition: Transition }>(
  ports: WritePorts,
  draw: () => Drawn | Promise<Drawn>,
): Promise<Drawn> {
  let drawn = await draw()
  for (let tries = 1; ; tries++) {
    try {
      await reserve(ports, drawn.transition)
      return drawn
    } catch (error) {
      if (!isRefusal(error, 'Invalid') || tries === triesMax) throw error
      await reachHead(ports)
      const again = await draw()
      if (isDeepEqual(wantedBy(drawn.transition), wantedBy(again.transition))) throw error
      drawn = again
    }
  }
}

const wantedBy = ({ resource, to }: Transition) => (to ? reservablesOf(resource, to) : [])
