const room = (name) => `^${name}/`
const outside = (...rooms) => `^(?!(${rooms.join('|')})/)(schemas|build|server|client|bin|test|bench)/`

/** Files that may touch disk, network, process or terminal. Every other file is pure. */
const EDGES = [
  '^bin/',
  '^schemas/json/generate\\.ts$',
  '^build/(discover|disk|publish|folder|cli)\\.ts$',
  '^build/publish/',
  '^build/git/(command|objects)\\.ts$',
  '^build/example/discover\\.ts$',
  '^build/fetch/(cache|fetch-documents|fetch-tree|folder-reader|http-get|preview)\\.ts$',
  '^build/(commands|watch)/',
  '^server/',
  '^client/(cli|run)\\.ts$',
  '^client/(bootstrap/(fetch|open-trust|pointer-memory|artifact-cache)|detect/(detect|workspaces))\\.ts$',
  '^client/(install|run-folder|telemetry)/',
  '^client/(supervision|tools/files)/',
  '^client/tools/(env/(env-file|git-ignore)|packages/package-folders)\\.ts$',
  '^client/mcp/endpoint\\.ts$',
  '^client/harness/',
  '^client/doctor/(doctor|checks/(disk|git))\\.ts$',
  '^client/models/models-file\\.ts$',
  '^client/flags/(flag-of-run|flags-file|posthog-flag)\\.ts$',
  '^client/compare/(find-runs|command)\\.ts$',
  '^client/runs/read-runs\\.ts$',
  '^client/queue/journal\\.ts$',
  '^client/tui/(panel|plain|json-lines)\\.ts$',
]
const WORLD =
  '^(node:)?(fs|fs/promises|http|https|net|tls|child_process|worker_threads|readline|dns|os|process)$'

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'schemas-is-the-ground-floor',
      severity: 'error',
      from: { path: room('schemas') },
      to: { path: outside('schemas') },
    },
    {
      name: 'build-stands-on-schemas',
      severity: 'error',
      from: { path: room('build') },
      to: { path: outside('build', 'schemas') },
    },
    {
      name: 'server-stands-on-build',
      severity: 'error',
      from: { path: room('server') },
      to: { path: outside('server', 'build', 'schemas') },
    },
    {
      name: 'store-knows-no-other-part-of-the-server',
      severity: 'error',
      from: { path: '^server/store/' },
      to: { path: '^server/[^/]+/', pathNot: '^server/store/' },
    },
    {
      name: 'source-stands-on-store',
      severity: 'error',
      from: { path: '^server/source/' },
      to: { path: '^server/[^/]+/', pathNot: '^server/(source|store)/' },
    },
    {
      name: 'channels-know-no-http',
      severity: 'error',
      from: { path: '^server/(channels|experiments)/' },
      to: { path: '^server/(http|routes|catalog|web|commands)/' },
    },
    {
      name: 'client-stands-on-schemas',
      severity: 'error',
      from: { path: room('client') },
      to: { path: outside('client', 'schemas') },
    },
    {
      name: 'nobody-imports-bin-or-tests',
      severity: 'error',
      from: { pathNot: '^(bin|test|bench|\\.ci)/' },
      to: { path: '^(bin|test|bench)/' },
    },
    {
      name: 'pure-core',
      comment: 'the world comes in as an argument; only edges touch it',
      severity: 'error',
      from: { path: '^(schemas|build|client)/', pathNot: EDGES },
      to: { path: WORLD },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(test/fixtures|content)/' },
  },
}
