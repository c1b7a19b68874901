import { setImmediate as turn } from 'node:timers/promises'
import { clockContract } from '@reckon/eventing/contract'
import { Random } from './random.ts'
import { SimulatedProcess } from './simulated-process.ts'
import { Timeline } from './timeline.ts'

clockContract('clock of a simulated process', () => {
  const timeline = new Timeline(new Random(1), turn)
  const wall = { errorMs: 0, now: () => Math.floor(timeline.nowMs) }
  const { clock } = new SimulatedProcess('a', timeline, wall)
  return { clock, pass: (ms) => timeline.runUntil(timeline.nowMs + ms, () => false) }
})
