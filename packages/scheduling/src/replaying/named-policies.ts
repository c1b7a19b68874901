import { schedulerConfiguredIn, schedulerStream } from '@reckon/domain'
import type { Policy } from '../framework.ts'
import { defaultPolicy } from '../policy/default-policy.ts'
import { policiesOf } from '../policy/policies.ts'
import type { RecordedEvent } from './recorded-decision.ts'

/** Every policy that a decision may name: a name says what is in it, whenever that was configured. */
export class NamedPolicies {
  readonly #byName = new Map([[defaultPolicy.name, defaultPolicy]])

  note(event: RecordedEvent): void {
    if (event.stream !== schedulerStream) return
    const { configuration } = schedulerConfiguredIn(event)
    if (configuration === null) return
    for (const policy of policiesOf(configuration).values()) this.#byName.set(policy.name, policy)
  }

  named(name: string): Policy | undefined {
    return this.#byName.get(name)
  }
}
