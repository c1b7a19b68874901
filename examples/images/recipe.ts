import type { ContainerConfig } from './docker-archive.ts'

/** What an image is made of. */
export type Recipe = {
  /** The name that manifests use; on Docker Hub the image of that name does the same. */
  name: string
  /** The recipe whose layers lie below. */
  from?: string
  /** Debian's packages; what they depend on comes with them, unless a layer below has it. */
  packages?: readonly string[]
  /** Files of our own, by path in the image: the name of a file in `files/`. */
  files?: Readonly<Record<string, { file: string; mode?: number }>>
  /** Files written here, by path. */
  texts?: Readonly<Record<string, string>>
  symlinks?: Readonly<Record<string, string>>
  directories?: Readonly<Record<string, { mode: number }>>
  /** A file made by a program, by path. */
  programs?: Readonly<Record<string, 'pause'>>
  /** Whether busybox's applets are linked into the image. */
  applets?: boolean
  /** Modules of Python that its programs begin with: these are compiled. */
  compiled?: readonly string[]
  config: ContainerConfig
}

const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

// What keeps a pod's namespaces.
const pause: Recipe = {
  name: 'reckon/pause:1',
  programs: { pause: 'pause' },
  config: { Entrypoint: ['/pause'] },
}

const busybox: Recipe = {
  name: 'busybox:latest',
  packages: ['busybox-static'],
  applets: true,
  texts: {
    'etc/passwd': [
      'root:x:0:0:root:/root:/bin/sh',
      'www-data:x:33:33:www-data:/var/www:/bin/false',
      'nginx:x:101:101:nginx:/var/cache/nginx:/bin/false',
      'redis:x:999:999:redis:/data:/bin/false',
      'nobody:x:65534:65534:nobody:/:/bin/false',
      '',
    ].join('\n'),
    'etc/group': [
      'root:x:0:',
      'tty:x:5:',
      'www-data:x:33:',
      'nginx:x:101:',
      'redis:x:999:',
      'nogroup:x:65534:',
      '',
    ].join('\n'),
    'etc/nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
  },
  symlinks: {
    bin: 'usr/bin',
    sbin: 'usr/sbin',
    lib: 'usr/lib',
    lib64: 'usr/lib64',
    'var/run': '/run',
  },
  directories: {
    'usr/lib': { mode: 0o755 },
    'usr/lib64': { mode: 0o755 },
    'usr/sbin': { mode: 0o755 },
    root: { mode: 0o700 },
    run: { mode: 0o755 },
    tmp: { mode: 0o1777 },
    'var/tmp': { mode: 0o1777 },
    'var/log': { mode: 0o755 },
  },
  config: { Cmd: ['sh'], Env: [path] },
}

const redis: Recipe = {
  name: 'redis:4-alpine3.8',
  from: busybox.name,
  packages: ['redis-server', 'redis-tools'],
  files: { 'usr/local/bin/docker-entrypoint.sh': { file: 'redis-entrypoint.sh', mode: 0o755 } },
  directories: { data: { mode: 0o755 } },
  config: {
    Entrypoint: ['docker-entrypoint.sh'],
    Cmd: ['redis-server'],
    Env: [path],
    ExposedPorts: { '6379/tcp': {} },
    Volumes: { '/data': {} },
    WorkingDir: '/data',
  },
}

const nginx: Recipe = {
  name: 'nginx:1.15.8-alpine',
  from: busybox.name,
  packages: ['nginx', 'nginx-common'],
  files: {
    'etc/nginx/nginx.conf': { file: 'nginx.conf' },
    'etc/nginx/conf.d/default.conf': { file: 'nginx-default.conf' },
  },
  symlinks: {
    'var/log/nginx/access.log': '/dev/stdout',
    'var/log/nginx/error.log': '/dev/stderr',
  },
  config: {
    Cmd: ['nginx', '-g', 'daemon off;'],
    Env: [path],
    ExposedPorts: { '80/tcp': {} },
    StopSignal: 'SIGTERM',
  },
}

// What an update changes is the name alone.
const otherNginxes: readonly Recipe[] = [
  ...['nginx:1.7.9', 'nginx:1.8', 'nginx:1.15', 'nginx:latest'],
].map((name) => ({
  name,
  from: nginx.name,
  config: nginx.config,
}))

const flaskapp: Recipe = {
  name: 'flaskapp:0.0.2',
  from: busybox.name,
  packages: ['python3-flask', 'python3-redis'],
  compiled: ['site', 'flask', 'redis', 'werkzeug.serving', 'asyncio', 'http.server'],
  files: { 'app/flaskapp.py': { file: 'flaskapp.py' } },
  symlinks: { 'usr/bin/python': 'python3' },
  config: {
    Cmd: ['python', 'flaskapp.py'],
    Env: [path, 'LANG=C.UTF-8', 'PYTHONUNBUFFERED=1'],
    ExposedPorts: { '5000/tcp': {} },
    WorkingDir: '/app',
  },
}

const redisMaster: Recipe = {
  name: 'kubeguide/redis-master:latest',
  from: redis.name,
  config: redis.config,
}

const redisSlave: Recipe = {
  name: 'kubeguide/guestbook-redis-slave:latest',
  from: redis.name,
  files: { 'usr/local/bin/run.sh': { file: 'redis-slave.sh', mode: 0o755 } },
  config: { ...redis.config, Entrypoint: [], Cmd: ['run.sh'] },
}

// The tutorial's is of PHP; this one answers the same requests, on the layers that the Flask app has already.
const guestbook: Recipe = {
  name: 'kubeguide/guestbook-php-frontend:latest',
  from: flaskapp.name,
  files: { 'app/guestbook.py': { file: 'guestbook.py' } },
  config: { ...flaskapp.config, Cmd: ['python', 'guestbook.py'], ExposedPorts: { '80/tcp': {} } },
}

/** Every image that the examples name, each after the one it is built on. */
export const recipes: readonly Recipe[] = [
  ...[pause, busybox, redis, nginx, ...otherNginxes, flaskapp],
  ...[redisMaster, redisSlave, guestbook],
]
