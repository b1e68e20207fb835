import { Command, CommanderError } from 'commander'
import { errorCode, errorMessage } from '../../shared/errors/index.ts'
import { createCommandLine } from './command-line.ts'
import { addIntakeGroup } from './intake-group.ts'
import { addKeepGroup } from './keep-group.ts'
import { addLookGroup } from './look-group.ts'
import type { CliParts, ExitCode } from './node-handle.ts'
import { safeText } from './plain-text.ts'
import { ReaderGone } from './reader-gone.ts'
import { addStartGroup } from './start-group.ts'

/** Codes of faults that are the caller's own: exit code 2. */
const WRONG_USE = new Set(['bad-path', 'bad-request', 'wrong-use'])

/** Runs one command line (without the program's own name) and resolves with the exit code. */
export async function runCli(argv: string[], parts: CliParts): Promise<ExitCode> {
  let exit: ExitCode = 0
  const json = argv.includes('--json')
  const program = buildProgram(parts, code => (exit = code))
  const tell = (code: string, message: string) => {
    if (json) parts.stdout.write(`${JSON.stringify({ code, message })}\n`)
  }
  try {
    await program.parseAsync(argv.length === 0 ? ['start'] : argv, { from: 'user' })
    return exit
  } catch (thrown) {
    // `homeroll assets | head -1`: whoever read has what they wanted.
    if (thrown instanceof ReaderGone) return 0
    if (thrown instanceof CommanderError) {
      if (thrown.exitCode === 0) return 0
      tell('wrong-use', thrown.message)
      return 2
    }
    const code = errorCode(thrown)
    parts.stderr.write(`homeroll: ${safeText(errorMessage(thrown))}\n`)
    tell(code, errorMessage(thrown))
    return WRONG_USE.has(code) ? 2 : 1
  }
}

function buildProgram(parts: CliParts, setExit: (code: ExitCode) => void): Command {
  const { stdout, stderr } = parts
  const program = new Command('homeroll')
    .description("Your family's camera roll, kept by your family's own devices.")
    .version(parts.version)
    .exitOverride()
    .configureOutput({ writeOut: text => stdout.write(text), writeErr: text => stderr.write(text) })
    .enablePositionalOptions()
    .showHelpAfterError('(add --help to see how it is used)')
  const line = createCommandLine(program, parts, setExit)
  addStartGroup(line)
  addIntakeGroup(line)
  addLookGroup(line)
  addKeepGroup(line)
  return program
}
