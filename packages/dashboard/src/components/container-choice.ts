import type { Context } from '../context.ts'
import { html } from '../html.ts'
import { type AnyObject, containersIn } from '../model/object.ts'
import { withQuery } from '../moment/place.ts'

/** The container of a pod that is looked at: the one that the page's address names, else the first. */
export const containerAt = ({ place }: Context, object: AnyObject): string =>
  place.query.container ?? containersIn(object)[0]?.name ?? ''

/** Lets one of several containers be chosen; `otherwise` is what of the address does not go with the choice. */
export function ContainerChoice({ context, object, otherwise = {} }: Props) {
  const containers = containersIn(object)
  if (containers.length < 2) return null
  const { place, go } = context
  const chosen = containerAt(context, object)
  const choose = (container: string) => go(withQuery(place, { container, ...otherwise }))
  return containers.map(
    ({ name }) =>
      html`<button key=${name} type="button" class="chip" aria-pressed=${name === chosen} onClick=${() => choose(name)}>${name}</button>`,
  )
}

type Props = { context: Context; object: AnyObject; otherwise?: Record<string, string> }
