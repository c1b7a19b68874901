import { byAge, type Ingress, type IngressClass, ingressClassController } from '@reckon/kubernetes'

const legacyClassAnnotation = 'kubernetes.io/ingress.class'

/** The Ingresses that this edge serves, oldest first. */
export const servedIngresses = (
  ingresses: readonly Ingress[],
  classes: readonly IngressClass[],
): readonly Ingress[] => ingresses.filter((ingress) => isServed(ingress, classes)).sort(byAge)

/**
 * An Ingress is ignored only if its class exists and has another controller: one that names an undefined class was
 * written for another cluster's edge, and this cluster has one edge.
 */
function isServed(ingress: Ingress, classes: readonly IngressClass[]): boolean {
  const name =
    ingress.spec.ingressClassName ?? ingress.metadata.annotations?.[legacyClassAnnotation]
  const controller = classes.find((candidate) => candidate.metadata.name === name)?.spec.controller
  return controller === undefined || controller === ingressClassController
}
