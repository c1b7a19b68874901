import type { CertificateSigningRequest } from '@reckon/kubernetes'

/** Made by openssl with a key of Ed25519: O=system:nodes, CN=system:node:w1. */
const pem = `-----BEGIN CERTIFICATE REQUEST-----
MIGvMGMCAQAwMDEVMBMGA1UECgwMc3lzdGVtOm5vZGVzMRcwFQYDVQQDDA5zeXN0
ZW06bm9kZTp3MTAqMAUGAytlcAMhAGkUECfDMuqY02kksgMtRluKJMcTBmcFOkfF
t/Bg26+AoAAwBQYDK2VwA0EA8NMaa8UtSRKp60LFOQ+bL0nUqetgGCFITH57BSkj
+GMDhOy3DLq0uU6LP6sUW6airENxwhfV+dZzmi67405oDw==
-----END CERTIFICATE REQUEST-----
`

const base64 = (pem: string): string => new TextEncoder().encode(pem).toBase64()

/** The same by another key: of another machine that is to be w1. */
export const byAnotherKey = base64(`-----BEGIN CERTIFICATE REQUEST-----
MIGvMGMCAQAwMDEVMBMGA1UECgwMc3lzdGVtOm5vZGVzMRcwFQYDVQQDDA5zeXN0
ZW06bm9kZTp3MTAqMAUGAytlcAMhAEVBhp2PdYupOhoV2bKfFzONBeRXVqPggE5c
BF5juVsXoAAwBQYDK2VwA0EAvvGV8Hg8NOF5DR9E9l7fBgT1IAW9UulUcTkK+QMS
I1s9SCZ40EfWqSor6t8OcHNmo8oBJ7QxXsA5YSC73PGtBQ==
-----END CERTIFICATE REQUEST-----
`)

/** The same for a node that is called as a service is: CN=system:node:replicator. */
export const asReplicator = base64(`-----BEGIN CERTIFICATE REQUEST-----
MIG3MGsCAQAwODEVMBMGA1UECgwMc3lzdGVtOm5vZGVzMR8wHQYDVQQDDBZzeXN0
ZW06bm9kZTpyZXBsaWNhdG9yMCowBQYDK2VwAyEAIyhl93YB3W+mcQGUHeaY30mK
+HCFQ+62wkJyLlqNVF6gADAFBgMrZXADQQCo7s6dp9Xp2E6IaUXhln8pLG7Tii0O
WhZhTaULaHhnsjqmk2TE0JGU0M7DH1AXNeirZWL5HzXe4wRZ39wH5ysH
-----END CERTIFICATE REQUEST-----
`)

/** How the machine that is to be node w1 asks for its certificate. */
export const requestOfW1 = (name: string, spec: object = {}): CertificateSigningRequest => ({
  apiVersion: 'certificates.k8s.io/v1',
  kind: 'CertificateSigningRequest',
  metadata: { name },
  spec: {
    request: base64(pem),
    signerName: 'kubernetes.io/kube-apiserver-client-kubelet',
    usages: ['client auth', 'digital signature'],
    ...spec,
  },
})
