import type { CertificateSigningRequest } from '@reckon/kubernetes'

/** Made by openssl with a key of Ed25519: O=system:nodes, CN=system:node:w1. */
const pem = `-----BEGIN CERTIFICATE REQUEST-----
MIGvMGMCAQAwMDEVMBMGA1UECgwMc3lzdGVtOm5vZGVzMRcwFQYDVQQDDA5zeXN0
ZW06bm9kZTp3MTAqMAUGAytlcAMhAGkUECfDMuqY02kksgMtRluKJMcTBmcFOkfF
t/Bg26+AoAAwBQYDK2VwA0EA8NMaa8UtSRKp60LFOQ+bL0nUqetgGCFITH57BSkj
+GMDhOy3DLq0uU6LP6sUW6airENxwhfV+dZzmi67405oDw==
-----END CERTIFICATE REQUEST-----
`

/** How the machine that is to be node w1 asks for its certificate. */
export const requestOfW1 = (name: string, spec: object = {}): CertificateSigningRequest => ({
  apiVersion: 'certificates.k8s.io/v1',
  kind: 'CertificateSigningRequest',
  metadata: { name },
  spec: {
    request: new TextEncoder().encode(pem).toBase64(),
    signerName: 'kubernetes.io/kube-apiserver-client-kubelet',
    usages: ['client auth', 'digital signature'],
    ...spec,
  },
})
