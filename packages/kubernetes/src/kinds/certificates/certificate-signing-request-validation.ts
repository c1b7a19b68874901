import {
  duplicate,
  type FieldError,
  invalidValue,
  notSupported,
  required,
} from '../../field-error.ts'
import { duplicates } from '../../field-rules.ts'
import { subdomainProblem } from '../../name-syntax.ts'
import type { CertificateSigningRequest } from '../../object.ts'
import { readCertificateRequest } from './certificate-request.ts'

/** What a certificate may be for, as upstream's `KeyUsage` names it. */
const usages = [
  'any',
  'cert sign',
  'client auth',
  'code signing',
  'content commitment',
  'crl sign',
  'data encipherment',
  'decipher only',
  'digital signature',
  'email protection',
  'encipher only',
  'ipsec end system',
  'ipsec tunnel',
  'ipsec user',
  'key agreement',
  'key encipherment',
  'microsoft sgc',
  'netscape sgc',
  'ocsp signing',
  's/mime',
  'server auth',
  'signing',
  'timestamping',
]
const secondsMin = 600

/** What is wrong with a request, in the words of upstream's `validateCertificateSigningRequest`. */
export function validateRequestSpec(
  spec: Partial<CertificateSigningRequest['spec']>,
): FieldError[] {
  const errors: FieldError[] = []
  const read = readCertificateRequest(spec.request)
  if ('problem' in read) errors.push(invalidValue('spec.request', spec.request, read.problem))
  const { usages: wanted = [], expirationSeconds: seconds } = spec
  if (wanted.length === 0) errors.push(required('spec.usages'))
  if (seconds !== undefined && seconds < secondsMin) {
    const detail = 'may not specify a duration less than 600 seconds (10 minutes)'
    errors.push(invalidValue('spec.expirationSeconds', seconds, detail))
  }
  return [
    ...errors,
    ...wanted.flatMap((usage, index) =>
      usages.includes(usage) ? [] : [notSupported(`spec.usages[${index}]`, usage, usages)],
    ),
    ...duplicates(wanted, (index) => `spec.usages[${index}]`),
    ...validateSignerName(spec.signerName ?? '', 'spec.signerName'),
  ]
}

function validateSignerName(name: string, field: string): FieldError[] {
  if (name === '') return [required(field)]
  const [domain = '', path = '', ...more] = name.split('/')
  if (path === '' || more.length > 0) {
    const detail = `must be a fully qualified domain and path of the form 'example.com/signer-name'`
    return [invalidValue(field, name, detail)]
  }
  const problem = subdomainProblem(domain) || subdomainProblem(path)
  const isWhole = domain.includes('.')
  if (problem === '' && isWhole) return []
  const detail = 'should be a domain with at least two segments separated by dots'
  return [invalidValue(field, problem ? name : domain, problem || detail)]
}

const decided = ['Approved', 'Denied']

/** Validates the status: contradicting conditions, or an invalid certificate. */
export function validateRequestStatus(status: CertificateSigningRequest['status']): FieldError[] {
  const { conditions = [], certificate } = status ?? {}
  const types = conditions.map(({ type }) => type)
  return [
    ...conditions.flatMap(({ type, status: value }, index) => {
      const at = `status.conditions[${index}]`
      if (!type) return [required(`${at}.type`)]
      if ([...decided, 'Failed'].includes(type)) {
        if (!value) return [required(`${at}.status`)]
        if (value !== 'True') return [notSupported(`${at}.status`, value, ['True'])]
      }
      if (types.indexOf(type) < index) return [duplicate(`${at}.type`, type)]
      const isBoth = decided.includes(type) && decided.every((each) => types.includes(each))
      if (!isBoth || types.findIndex((each) => decided.includes(each)) === index) return []
      const detail = 'Approved and Denied conditions are mutually exclusive'
      return [invalidValue(`${at}.type`, type, detail)]
    }),
    ...(certificate === undefined || certificate === '' ? [] : certificateErrors(certificate)),
  ]
}

function certificateErrors(base64: string): FieldError[] {
  const wrong = (detail: string) => [
    invalidValue('status.certificate', '<certificate data>', detail),
  ]
  const text = new TextDecoder().decode(Uint8Array.fromBase64(base64))
  const types = [...text.matchAll(/^-----BEGIN ([^-]+)-----/gm)].map(([, type]) => type)
  const other = types.find((type) => type !== 'CERTIFICATE')
  if (other) return wrong(`only CERTIFICATE PEM blocks are allowed, found "${other}"`)
  return types.length > 0 ? [] : wrong('must contain at least one CERTIFICATE PEM block')
}
