import { bootstrapTokenEndsMs, isBootstrapToken, type Secret } from '@reckon/kubernetes'

/** When a bootstrap token goes: at its end; undefined for one that has none, and for any other Secret. Pure. */
export const plan = (secret: Secret): number | undefined =>
  isBootstrapToken(secret) ? bootstrapTokenEndsMs(secret) : undefined
