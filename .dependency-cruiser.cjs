// The rooms of the design and who may look into which (see README, "Folder map").
const NODE_ROOMS = [
  'platform',
  'identity',
  'log',
  'drive',
  'originals',
  'catalogue',
  'index',
  'ingest',
  'jobs',
  'custody',
  'compose',
  'media',
  'search',
  'http',
  'cli',
]

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'shared-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^shared/' },
      to: { path: '^(node|app|tests|bench|protocols|models)/' },
    },
    {
      name: 'shared-runs-anywhere',
      severity: 'error',
      from: { path: '^shared/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'app-imports-shared-only',
      severity: 'error',
      from: { path: '^app/', pathNot: '^app/(build|vite\\.config)\\.ts$' },
      to: { path: '^(node|tests|bench|protocols|models)/' },
    },
    {
      name: 'app-features-stand-apart',
      severity: 'error',
      from: { path: '^app/features/([^/]+)/' },
      to: { path: '^app/features/', pathNot: '^app/features/$1/' },
    },
    {
      name: 'node-never-imports-app-or-tests',
      severity: 'error',
      from: { path: '^node/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(app|tests|bench)/' },
    },
    {
      name: 'only-main-wires',
      comment: 'compose is main.ts in several files',
      severity: 'error',
      from: { path: '^node/', pathNot: '^node/(main\\.ts$|compose/)' },
      to: { path: '^node/compose/' },
    },
    {
      name: 'nobody-imports-main',
      severity: 'error',
      from: { path: '^node/', pathNot: '^node/main\\.ts$' },
      to: { path: '^node/main\\.ts$' },
    },
    ...NODE_ROOMS.map(room => ({
      name: `enter-${room}-through-its-index`,
      comment: 'A room is entered through its index.ts; worker entry files are reached by URL, not by import.',
      severity: 'error',
      from: { path: '^(node|tests|bench)/', pathNot: `^node/${room}/` },
      to: { path: `^node/${room}/`, pathNot: `^node/${room}/index\\.ts$` },
    })),
    {
      name: 'platform-imports-no-room',
      severity: 'error',
      from: { path: '^node/platform/' },
      to: { path: '^node/', pathNot: '^node/platform/' },
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^app/dist' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types', 'browser', 'solid'],
    },
  },
}
