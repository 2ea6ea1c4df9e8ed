/** `pnpm interop <name>`: puts a harness to the test with the real program behind it. */
const SUITES: Readonly<Record<string, () => Promise<unknown>>> = { claude: () => import('./claude/run.ts') }

const [name = ''] = process.argv.slice(2)
const suite = Object.hasOwn(SUITES, name) ? SUITES[name] : undefined
if (suite) await suite()
else {
  process.stderr.write(`Cannot run "${name}": expected one of ${Object.keys(SUITES).join(', ')}\n`)
  process.exitCode = 2
}
