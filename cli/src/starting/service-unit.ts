/** What a machine does whenever it boots: `up` on a first machine, `join` on one that has joined. */
export type Service = {
  verb: 'up' | 'join'
  dataDir: string
  /** The program and its main file. */
  command: readonly [node: string, main: string]
  user: string
  home: string
}

/** The unit with which systemd starts and restarts what runs here; stopping may take as long as pods have grace. */
export const serviceUnit = ({ verb, dataDir, command, user, home }: Service): string => `[Unit]
Description=Reckon (${verb}, ${dataDir})
Wants=network-online.target
After=network-online.target docker.service

[Service]
ExecStart=${[...command, verb, '--data-dir', dataDir].map(quoted).join(' ')}
User=${user}
Environment=${quoted(`HOME=${home}`)}
# What the supervisor has started lives apart from it, and is stopped by it alone.
KillMode=process
TimeoutStopSec=120
# Not after "reckon down".
Restart=on-failure
RestartSec=2
LimitNOFILE=1048576

[Install]
WantedBy=multi-user.target
`

/** Quoted for systemd, with percent and dollar signs doubled. */
const quoted = (word: string): string =>
  `"${word.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%').replaceAll('$', '$$$$')}"`
