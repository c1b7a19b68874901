/** Why a container could not be started, in Kubernetes' words. */
export type StartFailure = { reason: string; message: string }
