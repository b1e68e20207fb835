import { spawn } from 'node:child_process'
import { residentBytes } from '../pool/resident-memory.ts'

type ProgramEnd =
  | { end: 'done'; code: number | null; output: Buffer; words: string }
  | { end: 'stopped'; why: 'time' | 'memory' | 'output' }

interface ProgramLimits {
  timeoutMs: number
  /** Bytes on standard output. */
  outputBytes: number
  /** Bytes of memory; watched where the system tells. */
  memoryBytes?: number
}

const MAX_WORDS = 16 * 1024
const POLL_MS = 100

/** Runs a program to its end within limits, without input and with no environment but the path. Rejects where it cannot start. */
export function runProgram(program: string, args: string[], limits: ProgramLimits): Promise<ProgramEnd> {
  return new Promise((resolve, reject) => {
    const { PATH, LD_LIBRARY_PATH, SystemRoot } = process.env
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: JSON.parse(JSON.stringify({ PATH, LD_LIBRARY_PATH, SystemRoot })) as NodeJS.ProcessEnv,
      windowsHide: true,
    })
    const chunks: Buffer[] = []
    let bytes = 0
    let words = ''
    let stopped: 'time' | 'memory' | 'output' | null = null
    const stop = (why: 'time' | 'memory' | 'output') => {
      stopped ??= why
      child.kill('SIGKILL')
    }
    const timeout = setTimeout(() => stop('time'), limits.timeoutMs)
    const { memoryBytes } = limits
    const poll = setInterval(() => {
      if (child.pid === undefined || memoryBytes === undefined) return
      void residentBytes(child.pid).then(held => {
        if (held !== null && held > memoryBytes) stop('memory')
      })
    }, POLL_MS)
    const finish = () => {
      clearTimeout(timeout)
      clearInterval(poll)
    }
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > limits.outputBytes) stop('output')
      else chunks.push(chunk)
    })
    child.stderr.on('data', (chunk: Buffer) => (words = (words + chunk.toString('utf8')).slice(0, MAX_WORDS)))
    child.on('error', cause => {
      finish()
      reject(cause)
    })
    child.on('close', code => {
      finish()
      resolve(stopped ? { end: 'stopped', why: stopped } : { end: 'done', code, output: Buffer.concat(chunks), words })
    })
  })
}
