import { type Command, InvalidArgumentError } from 'commander'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { HomerollError } from '../../shared/errors/index.ts'
import type { ApiClient } from './api-client.ts'
import type { CliParts, ExitCode } from './node-handle.ts'
import { withNode } from './with-node.ts'

/** Flags that every command has. */
export interface Flags {
  data?: string
  json: boolean
}

/** What the groups of commands are made from. */
export interface CommandLine {
  program: Command
  parts: CliParts
  /** A new command with the flags that every command has. */
  command: (spec: string, what: string, under?: Command) => Command
  dataDirOf: (flags: Flags) => string
  /** Works against the node of the data folder, opened for the occasion where none runs. */
  ask: <T>(flags: Flags, work: (client: ApiClient) => Promise<T>) => Promise<T>
  /** One line of JSON on standard output. */
  print: (value: unknown) => void
  setExit: (code: ExitCode) => void
}

export function createCommandLine(program: Command, parts: CliParts, setExit: (code: ExitCode) => void): CommandLine {
  const { env, stdout } = parts
  const dataDirOf = ({ data }: Flags) => {
    if (data === '') throw new WrongUse('--data needs the path of a folder')
    return resolve(data ?? (env.HOMEROLL_DATA || join(homedir(), '.homeroll')))
  }
  return {
    program,
    parts,
    dataDirOf,
    setExit,
    ask: (flags, work) => withNode(parts, dataDirOf(flags), work),
    print: value => stdout.write(`${JSON.stringify(value)}\n`),
    command: (spec, what, under = program) =>
      under
        .command(spec)
        .description(what)
        .option('--data <dir>', 'where Homeroll keeps its data (default ~/.homeroll, env HOMEROLL_DATA)')
        .option('--json', 'print JSON alone on standard output', false)
        .exitOverride(),
  }
}

/** A command line that cannot be meant so: exit code 2. */
export class WrongUse extends HomerollError {
  constructor(message: string) {
    super('wrong-use', message, { status: 400 })
  }
}

export function wholeNumber(low: number, high: number) {
  return (text: string): number => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= low && value <= high) return value
    throw new InvalidArgumentError(`must be a whole number from ${low} to ${high}`)
  }
}
