const SOURCE = /^skills\/.+\/scripts\/(.+\/)?[^/]+\.(ts|mts)$/
const ENTRY = /^(skills\/.+)\/scripts\/([^/]+)\.ts$/

/** True for a script source, which is served as what it is bundled to, never as it is. */
export function isScriptSource(path: string): boolean {
  return SOURCE.test(path)
}

/** The skill folder of a script that is bundled by itself: `scripts/<name>.ts`; undefined for any other path. */
export function skillOfScript(path: string): string | undefined {
  return path.endsWith('.d.ts') ? undefined : ENTRY.exec(path)?.[1]
}

/** True when the path is a script that the skill in `dir` serves. */
export function isScriptEntry(path: string, dir: string): boolean {
  return skillOfScript(path) === dir
}

/** Where a script is served: `scripts/<name>.mjs` for `scripts/<name>.ts`. */
export function bundledPath(path: string): string {
  return path.replace(/\.ts$/, '.mjs')
}
