import { setTimeout as pass } from 'node:timers/promises'
import { clockContract } from '../contract/clock-contract.ts'
import { createTimerClock } from './timer-clock.ts'

clockContract('timer clock', () => ({ clock: createTimerClock(), pass }))
clockContract('timer clock that holds no process', () => ({
  clock: createTimerClock({ ref: false }),
  pass,
}))
