import { forbidden, isOf, type KubernetesObject, services } from '@reckon/kubernetes'
import type { AdmissionPlugin } from './admission.ts'

/**
 * Nobody may draw other machines' connections to his own pods (CVE-2020-8554): a Service gets no external addresses. One
 * that has some may keep or lose them.
 */
export const denyServiceExternalIps: AdmissionPlugin = {
  name: 'DenyServiceExternalIPs',
  admit({ resource, object, before, subresource }) {
    if (resource !== services || subresource !== undefined) return
    const had = new Set(externalIpsOf(before))
    if (externalIpsOf(object).every((ip) => had.has(ip))) return
    const why = 'Use of external IPs is denied by admission control'
    throw forbidden(services, object.metadata.name, why)
  },
}

const externalIpsOf = (object: KubernetesObject | undefined): readonly string[] =>
  object && isOf(services, object) ? (object.spec.externalIPs ?? []) : []
