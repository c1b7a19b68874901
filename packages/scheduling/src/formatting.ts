// What a command needs to print answers of the API. None of it loads the scheduler itself.
export { formatWhyNot } from './explaining/format-advice.ts'
export { formatWhy, type WhyAnswer } from './explaining/format-why.ts'
export type { WhyNot } from './explaining/why-not.ts'
