import {
  type CertificateSigningRequest,
  forbidden,
  isOf,
  readCertificateRequest,
  certificateSigningRequests as resource,
} from '@reckon/kubernetes'
import { ruleAllows } from '../access/rule-allows.ts'
import type { AdmissionPlugin, MutatingPlugin, OtherObjects, Write } from './admission.ts'

const clientSigner = 'kubernetes.io/kube-apiserver-client'
const signers = { group: 'certificates.k8s.io', plural: 'signers' }

/**
 * A CertificateSigningRequest names the user who sent it. Approving or signing requires rights to its signer, and no
 * certificate may make an administrator. As upstream's plugins CertificateApproval, CertificateSigning and
 * CertificateSubjectRestriction.
 */
export const certificateRequests: MutatingPlugin & AdmissionPlugin = {
  name: 'CertificateRequests',

  mutate({ object, before, actor }) {
    if (before !== undefined || !isOf(resource, object)) return object
    const { username: _, uid: __, groups: ___, extra: ____, ...spec } = object.spec ?? {}
    const groups = actor?.groups ?? []
    const username = actor?.user ?? ''
    return {
      ...object,
      spec: { ...spec, username, ...(groups.length > 0 && { groups: [...groups] }) },
    }
  },

  admit(write, others) {
    const { object, before, subresource } = write
    if (!isOf(resource, object)) return
    if (before === undefined) return refuseAdministrators(object)
    if (subresource === 'approval') return requireVerb('approve', object, write, others)
    if (subresource === 'status' && isOf(resource, before)) {
      const isSigned = object.status?.certificate !== before.status?.certificate
      const isFailed = hasFailed(object) && !hasFailed(before)
      if (isSigned || isFailed) requireVerb('sign', object, write, others)
    }
  },
}

const hasFailed = ({ status }: CertificateSigningRequest): boolean =>
  status?.conditions?.some(({ type }) => type === 'Failed') === true

function refuseAdministrators({ metadata, spec }: CertificateSigningRequest): void {
  if (spec.signerName !== clientSigner) return
  const read = readCertificateRequest(spec.request)
  if ('problem' in read || !read.organizations.includes('system:masters')) return
  const why = `use of ${clientSigner} signer with system:masters group is not allowed`
  throw forbidden(resource, metadata.name, why)
}

/**
 * Whether the user has the right to the signer by name or by domain; the cluster's own services, which are in no group,
 * always have.
 */
function requireVerb(
  verb: 'approve' | 'sign',
  { metadata, spec: { signerName } }: CertificateSigningRequest,
  { actor }: Write,
  others: OtherObjects,
): void {
  if (!actor?.groups || actor.groups.includes('system:masters')) return
  const held = [...others.rulesOf({ name: actor.user, groups: actor.groups })]
  const [domain] = signerName.split('/')
  const isAllowed = [signerName, `${domain}/*`].some((name) =>
    held.some((rule) => ruleAllows(rule, { verb, resource: signers, name })),
  )
  if (isAllowed) return
  const why = `user not permitted to ${verb} requests with signerName ${JSON.stringify(signerName)}`
  throw forbidden(resource, metadata.name, why)
}
