import { schedulerConfiguredIn, schedulerStream } from '@reckon/domain'
import { schedulerNameDefault } from '@reckon/kubernetes'
import type { Policy } from '../framework.ts'
import { defaultPolicy } from '../policy/default-policy.ts'
import { type Policies, policiesOf } from '../policy/policies.ts'
import type { RecordedEvent } from './recorded-decision.ts'

/**
 * Every policy that a decision may name: a name says what is in it, whenever that was configured. With others to be
 * tried, that of its scheduler among those.
 */
export class NamedPolicies {
  readonly #byName = new Map([[defaultPolicy.name, defaultPolicy]])
  readonly #tried: Policies | undefined

  constructor(tried?: Policies) {
    this.#tried = tried
  }

  note(event: RecordedEvent): void {
    if (event.stream !== schedulerStream) return
    const { configuration } = schedulerConfiguredIn(event)
    if (configuration === null) return
    for (const policy of policiesOf(configuration).values()) this.#byName.set(policy.name, policy)
  }

  named(name: string): Policy | undefined {
    if (this.#tried === undefined) return this.#byName.get(name)
    const [schedulerName = ''] = name.split('@')
    const isDefault = name === defaultPolicy.name
    return this.#tried.get(isDefault ? schedulerNameDefault : schedulerName)
  }
}
