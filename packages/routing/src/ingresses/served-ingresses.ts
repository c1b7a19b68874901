import { byAge, type Ingress, type IngressClass, ingressClassController } from '@reckon/kubernetes'

const legacyClassAnnotation = 'kubernetes.io/ingress.class'

/** Those that are this edge's to serve, the oldest first. */
export const servedIngresses = (
  ingresses: readonly Ingress[],
  classes: readonly IngressClass[],
): readonly Ingress[] => ingresses.filter((ingress) => isServed(ingress, classes)).sort(byAge)

/**
 * An Ingress is left alone only if its class exists and is another controller's: a manifest that
 * names a class nobody has defined here was written for another cluster's edge, and this cluster
 * has one edge.
 */
function isServed(ingress: Ingress, classes: readonly IngressClass[]): boolean {
  const name =
    ingress.spec.ingressClassName ?? ingress.metadata.annotations?.[legacyClassAnnotation]
  const controller = classes.find((candidate) => candidate.metadata.name === name)?.spec.controller
  return controller === undefined || controller === ingressClassController
}
