// npm run bench -- ingest|catalogue|http [options] [--json]: figures beside a floor measured in the same run.
const benches = ['ingest', 'catalogue', 'http'] as const

const [name, ...args] = process.argv.slice(2)
if (!benches.some(bench => bench === name)) {
  console.error(`usage: npm run bench -- ${benches.join('|')} [options] [--json]`)
  process.exit(2)
}
const bench = (await import(`./${name}.ts`)) as { run(args: string[]): Promise<void> }
await bench.run(args)
