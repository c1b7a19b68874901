import { KeyFailure } from '@reckon/eventing'
import { isRefusal } from '@reckon/kubernetes'

const stepsAtOnce = 16

/**
 * Carries out all steps, a few at a time; one that is refused or fails does not stop the others. Then throws the
 * gravest failure: a broken invariant, a bug about one key, a refusal.
 */
export async function eachStep<Step>(
  steps: readonly Step[],
  carryOut: (step: Step) => Promise<void>,
  atOnce = stepsAtOnce,
): Promise<void> {
  const errors: unknown[] = []
  const left = steps.values()
  const work = async () => {
    for (const step of left) {
      try {
        await carryOut(step)
      } catch (error) {
        errors.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, steps.length) }, work))
  if (errors.length === 0) return
  throw errors.reduce((gravest, error) => (gravity(error) > gravity(gravest) ? error : gravest))
}

const gravity = (error: unknown): number =>
  isRefusal(error) ? 0 : error instanceof KeyFailure ? 1 : 2
