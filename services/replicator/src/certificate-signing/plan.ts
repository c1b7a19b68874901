import {
  type CertificateSigningRequest,
  isTerminating,
  type RequestSubject,
  readCertificateRequest,
} from '@reckon/kubernetes'

export type Step =
  | { type: 'Sign'; request: string; usages: readonly string[]; seconds: number }
  | { type: 'Fail'; message: string }

/** As upstream's `--cluster-signing-duration`. */
const secondsDefault = 365 * 24 * 3600

/** The signers that are served here, and what they require of a request. */
const signers: Readonly<Record<string, (usages: readonly string[], of: RequestSubject) => string>> =
  {
    'kubernetes.io/kube-apiserver-client': clientProblem,
    'kubernetes.io/kube-apiserver-client-kubelet': kubeletProblem,
  }

/** An approved request that its signer accepts is signed, once. Pure. */
export function plan(object: CertificateSigningRequest): readonly Step[] {
  const { spec, status } = object
  const has = (type: string) => status?.conditions?.some((each) => each.type === type) === true
  const problemOf = signers[spec.signerName]
  const isDue = has('Approved') && !has('Denied') && !has('Failed') && !status?.certificate
  if (problemOf === undefined || !isDue || isTerminating(object)) return []
  const read = readCertificateRequest(spec.request)
  if ('problem' in read) return [{ type: 'Fail', message: read.problem }]
  const { usages = [], expirationSeconds: seconds = secondsDefault } = spec
  const message = problemOf(usages, read)
  if (message !== '') return [{ type: 'Fail', message }]
  const request = new TextDecoder().decode(Uint8Array.fromBase64(spec.request))
  return [{ type: 'Sign', request, usages, seconds: Math.min(seconds, secondsDefault) }]
}

const optional = ['digital signature', 'key encipherment']

/** Upstream's `validateAPIServerClientUsages`; and nobody may become an administrator in this way. */
function clientProblem(usages: readonly string[], { organizations }: RequestSubject): string {
  if (organizations.includes('system:masters')) return 'system:masters group is not allowed'
  const other = usages.find((usage) => usage !== 'client auth' && !optional.includes(usage))
  if (other !== undefined) return `invalid usage for client certificate: ${other}`
  return usages.includes('client auth')
    ? ''
    : 'missing required usage for client certificate: client auth'
}

/** Upstream's `ValidateKubeletClientCSR`. */
function kubeletProblem(usages: readonly string[], of: RequestSubject): string {
  if (of.organizations.length !== 1 || of.organizations[0] !== 'system:nodes') {
    return 'subject organization is not system:nodes'
  }
  if (!of.commonName.startsWith('system:node:')) {
    return 'subject common name does not begin with "system:node:"'
  }
  return clientProblem(usages, of) && 'usages did not match [client auth digital signature]'
}
