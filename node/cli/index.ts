export { type NodeOptions, type RunningNode } from './node-handle.ts'
export { printTo, remarkTo } from './reader-gone.ts'
export { runCli } from './run-cli.ts'
