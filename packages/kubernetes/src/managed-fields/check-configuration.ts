import { badRequest } from '../refusals.ts'
import type { Schema } from '../schemas/schema.ts'
import { pathText } from './path-step.ts'
import { byStep, partsOf, structureOf } from './structure.ts'

/**
 * Refuses a configuration with duplicate items: those of a list that is a map or a set must differ in keys or value.
 * `subject` names the object.
 */
export function checkConfiguration(schema: Schema, value: unknown, subject: string): void {
  check(schema, value, [], (path, problem) => {
    throw badRequest(
      `failed to create typed patch object (${subject}): ${pathText(path)}: ${problem}`,
    )
  })
}

type Refuse = (path: readonly string[], problem: string) => never

function check(schema: Schema, value: unknown, path: readonly string[], refuse: Refuse): void {
  const structure = structureOf(schema, value)
  if (structure === 'leaf') return
  for (const [step, [part, another]] of byStep(partsOf(schema, value))) {
    if (another !== undefined) refuse(path, `duplicate entries for key ${pathText([step])}`)
    if (step === 'k:{}')
      refuse(path, 'associative list with keys has an element that omits all key fields')
    if (part !== undefined) check(part.schema, part.value, [...path, step], refuse)
  }
}
