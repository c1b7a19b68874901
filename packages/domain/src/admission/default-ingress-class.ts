import { type IngressClass, ingressClasses, ingresses, isOf } from '@reckon/kubernetes'
import type { MutatingPlugin } from './admission.ts'
import { newestDefault } from './newest-default.ts'

const isDefault = ({ metadata }: IngressClass): boolean =>
  metadata.annotations?.['ingressclass.kubernetes.io/is-default-class'] === 'true'
const oldClass = 'kubernetes.io/ingress.class'

/** Gives an Ingress without a class (in either form) the default class; as upstream's plugin. */
export const defaultIngressClass: MutatingPlugin = {
  name: 'DefaultIngressClass',

  mutate({ object, before }, others) {
    if (before !== undefined || !isOf(ingresses, object)) return object
    const isNamed = object.spec?.ingressClassName !== undefined
    if (isNamed || object.metadata.annotations?.[oldClass] !== undefined) return object
    const found = newestDefault(ingressClasses, others, isDefault)
    if (found === undefined) return object
    return { ...object, spec: { ...object.spec, ingressClassName: found.metadata.name } }
  },
}
