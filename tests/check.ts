// `npm run check`: types, lint, rooms, formatting, unused code. All of them run, so that one run tells everything.
import { spawnSync } from 'node:child_process'

const steps: [name: string, command: string, ...args: string[]][] = [
  ['types', 'tsc', '--noEmit', '-p', 'tsconfig.json'],
  ['types of the app', 'tsc', '--noEmit', '-p', 'app/tsconfig.json'],
  ['types of the browser tests', 'tsc', '--noEmit', '-p', 'tests/browser/tsconfig.json'],
  ['lint', 'eslint', '.', '--max-warnings=0'],
  ['rooms', 'depcruise', '--config', '.dependency-cruiser.cjs', 'shared', 'node', 'app', 'tests', 'bench'],
  ['formatting', 'prettier', '--check', '.'],
  ['unused code', 'knip'],
]

const failed = steps.filter(([name, command, ...args]) => {
  console.log(`== ${name}`)
  return spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' }).status !== 0
})
console.log(failed.length === 0 ? 'check: all good' : `check failed: ${failed.map(([name]) => name).join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1
