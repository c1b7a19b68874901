import { clockContract } from '../contract/clock-contract.ts'
import { createMemoryClock } from './memory-clock.ts'

clockContract('memory clock', () => {
  const clock = createMemoryClock()
  return { clock, pass: (ms) => clock.advance(ms) }
})
