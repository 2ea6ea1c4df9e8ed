/** Holds the directions of imports, and fails when nothing was looked at. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config'

const rules = createRequire(import.meta.url)('../.dependency-cruiser.cjs')
const rooms = ['bin', 'schemas', 'build', 'server', 'client', 'test', 'bench'].filter((room) =>
  existsSync(room),
)
const { output } = await cruise(rooms, { ruleSet: rules, ...rules.options, validate: true }, undefined, {
  tsConfig: extractTSConfig('tsconfig.json'),
})
const { summary, modules } = output as ICruiseResult
const ours = modules.filter((module) => rooms.some((room) => module.source.startsWith(`${room}/`)))
const arrows = ours.reduce((sum, module) => sum + module.dependencies.length, 0)
for (const violation of summary.violations) {
  console.error(`${violation.rule.name}: ${violation.from} → ${violation.to}`)
}
if (ours.length < 40 || arrows < 80) {
  console.error(
    `only ${ours.length} modules and ${arrows} imports were seen: the check is not looking at the house`,
  )
  process.exitCode = 1
} else if (summary.violations.length > 0) {
  process.exitCode = 1
} else {
  console.log(`directions: ${ours.length} modules, ${arrows} imports, every arrow points down`)
}
