/**
 * Scalars that upstream's Go types leave out where they are zero (`omitempty`, no pointer), by type: those that pods
 * are made of, where a zero that is kept would be another template and so a rollout. Nothing in the schemas tells them.
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

/** Whether upstream does not know a field with this value from one that is not there. */
export const isOmitted = (type: string, field: string, value: unknown): boolean =>
  (value === false || value === 0 || value === '') && (omitted[type]?.includes(field) ?? false)
