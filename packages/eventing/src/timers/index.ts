export { createTimerClock } from './timer-clock.ts'
