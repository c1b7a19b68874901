import { type IngressClass, ingressClasses, ingresses, isOf } from '@reckon/kubernetes'
import type { MutatingPlugin, OtherObjects } from './admission.ts'

const isDefault = 'ingressclass.kubernetes.io/is-default-class'
const oldClass = 'kubernetes.io/ingress.class'

/** An Ingress that names no class, in neither way, gets the one that is everybody's default; as upstream's plugin. */
export const defaultIngressClass: MutatingPlugin = {
  name: 'DefaultIngressClass',

  mutate({ object, before }, others) {
    if (before !== undefined || !isOf(ingresses, object)) return object
    const isNamed = object.spec?.ingressClassName !== undefined
    if (isNamed || object.metadata.annotations?.[oldClass] !== undefined) return object
    const found = newestDefault(others)
    if (found === undefined) return object
    return { ...object, spec: { ...object.spec, ingressClassName: found.metadata.name } }
  },
}

/** Of several the newest, and of those of one second the first by name. */
function newestDefault(others: OtherObjects): IngressClass | undefined {
  const created = ({ metadata }: IngressClass) => metadata.creationTimestamp ?? ''
  return others
    .list(ingressClasses)
    .flatMap(({ object }) => (object.metadata.annotations?.[isDefault] === 'true' ? [object] : []))
    .sort((a, b) => compare(created(b), created(a)) || compare(a.metadata.name, b.metadata.name))[0]
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
