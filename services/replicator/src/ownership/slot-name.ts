import type { KubernetesObject } from '@reckon/kubernetes'
import { derivedName } from './derived-name.ts'

/** The name of an owner's next dependent follows from its uid and a slot; one that somebody else bears is passed over. */
export function slotName(
  { metadata }: KubernetesObject,
  slot: number,
  isTaken: (name: string) => boolean,
): string {
  for (let tries = 0; ; tries += 1) {
    const seed = `${metadata.uid}/${slot}${tries === 0 ? '' : `/${tries}`}`
    const name = derivedName(metadata.name, seed)
    if (!isTaken(name)) return name
  }
}
