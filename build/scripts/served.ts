import { errorAt, quote, type Report, warningAt } from '../finding.ts'
import type { Library } from '../library.ts'
import { START } from '../position.ts'
import type { SourceTree } from '../release.ts'
import { bundledPath, isScriptEntry } from './paths.ts'

/** Where scripts come from. */
export interface ScriptSources {
  readonly library: Library
  readonly scripts: SourceTree['scripts']
}

/** Path inside the skill → text of each script that a skill serves; undefined when one of them is broken. */
export function servedScripts(
  dir: string,
  { library, scripts }: ScriptSources,
  report: Report,
): ReadonlyMap<string, string> | undefined {
  const served = new Map<string, string>()
  const entries = library.paths.filter(
    (path) => path.startsWith(`${dir}/scripts/`) && isScriptEntry(path, dir),
  )
  let whole = true
  for (const path of entries) {
    const script = scripts?.get(path)
    const target = bundledPath(path)
    if (script === undefined) {
      const message = `Cannot serve the script ${quote(path)}: it was not bundled for this build`
      report(warningAt({ path, ...START }, { code: 'scripts/not-bundled', message }))
    } else if ('diagnostics' in script) {
      for (const diagnostic of script.diagnostics) report(diagnostic)
      whole = false
    } else if (library.has(target)) {
      const message = `Cannot serve a script as ${quote(target)}: a file of that name is there, expected another name`
      report(errorAt({ path, ...START }, { code: 'scripts/name', message }))
      whole = false
    } else served.set(target.slice(dir.length + 1), script.text)
  }
  return whole ? served : undefined
}
