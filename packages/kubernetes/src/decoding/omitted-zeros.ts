/**
 * Scalars that upstream's Go types omit when they are zero (`omitempty`, not a pointer), by type, for the types that
 * pods consist of: keeping such a zero would change the template and so cause a rollout. The schemas do not contain
 * this.
 */
const omitted: Readonly<Record<string, readonly string[]>> = {
  PodSpec: [
    ...['hostIPC', 'hostNetwork', 'hostPID', 'hostname', 'nodeName', 'priorityClassName'],
    ...['schedulerName', 'serviceAccount', 'serviceAccountName', 'subdomain'],
  ],
  Container: ['image', 'stdin', 'stdinOnce', 'tty', 'workingDir'],
  ContainerPort: ['hostIP', 'hostPort', 'name'],
  EnvVar: ['value'],
  Probe: ['initialDelaySeconds'],
  VolumeMount: ['readOnly', 'subPath', 'subPathExpr'],
}

/** Whether upstream cannot distinguish this value from an absent field. */
export const isOmitted = (type: string, field: string, value: unknown): boolean =>
  (value === false || value === 0 || value === '') && (omitted[type]?.includes(field) ?? false)
