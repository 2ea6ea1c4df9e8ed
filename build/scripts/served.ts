import { errorAt, quote, type Report, warningAt } from '../finding.ts'
import { START } from '../position.ts'
import type { FileSources } from '../sources.ts'
import { bundledPath, isScriptEntry } from './paths.ts'

/** Path inside the skill → text of each script that a skill serves; undefined when one of them is broken. */
export function servedScripts(
  dir: string,
  { folder, has, script: scriptOf }: FileSources,
  report: Report,
): ReadonlyMap<string, string> | undefined {
  const served = new Map<string, string>()
  const entries = folder(`${dir}/scripts`).filter((path) => isScriptEntry(path, dir))
  let whole = true
  for (const path of entries) {
    const script = scriptOf(path)
    const target = bundledPath(path)
    if (script === undefined) {
      const message = `Cannot serve the script ${quote(path)}: it was not bundled for this build and is left out, expected a build that bundles scripts`
      report(warningAt({ path, ...START }, { code: 'scripts/not-bundled', message }))
    } else if ('diagnostics' in script) {
      for (const diagnostic of script.diagnostics) report(diagnostic)
      whole = false
    } else if (has(target)) {
      const message = `Cannot serve a script as ${quote(target)}: a file of that name is there, expected another name`
      report(errorAt({ path, ...START }, { code: 'scripts/name', message }))
      whole = false
    } else served.set(target.slice(dir.length + 1), script.text)
  }
  return whole ? served : undefined
}
