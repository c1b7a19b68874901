// What a command needs to show what the API has told: nothing of it loads the scheduler itself.
export { formatWhyNot } from './explaining/format-advice.ts'
export { formatWhy, type WhyAnswer } from './explaining/format-why.ts'
export type { WhyNot } from './explaining/why-not.ts'
