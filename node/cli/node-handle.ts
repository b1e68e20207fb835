/** What the command line needs of a node, given in by the one place that wires. */
export interface RunningNode {
  /** Where the page is, with a one-time token. */
  launchUrl(): string
  url: string
  apiUrl: string
  deviceId: string
  /** Finishes what was asked for by others, then ends cleanly. */
  close(): Promise<void>
}

export interface NodeOptions {
  dataDir: string
  originalsDir?: string
  port: number
  host?: string
  name?: string
}

export interface CliParts {
  version: string
  openNode(options: NodeOptions): Promise<RunningNode>
  /** Where the running node of a data folder answers; null where none runs. */
  findNode(dataDir: string): Promise<{ apiUrl: string; token: string } | null>
  env: NodeJS.ProcessEnv
  stdout: { write(text: string): void }
  stderr: { write(text: string): void; isTTY?: boolean }
}

/** How a command ends: 0 done, 1 failed, 2 wrong use, 3 done in part. */
export type ExitCode = 0 | 1 | 2 | 3
