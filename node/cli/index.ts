export { runCli } from './run-cli.ts'
export { type NodeOptions, type RunningNode } from './node-handle.ts'
