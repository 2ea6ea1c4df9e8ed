import { skillFrontmatterSchema } from '../../schemas/skill.ts'
import type { SkillDocument } from '../documents.ts'
import { errorAt, quote, type Report, watched } from '../finding.ts'
import type { ParsedSkill } from '../parse.ts'
import { isScriptSource } from '../scripts/paths.ts'
import { servedScripts } from '../scripts/served.ts'
import { soundPart } from '../sound-part.ts'
import type { FileSources } from '../sources.ts'

const SERVED = /^(references|scripts|assets)\//

/** Checks a plain skill by itself; undefined when nothing of it can be gone by. What is wrong is told. */
export function validateSkill(
  skill: ParsedSkill,
  sources: FileSources,
  report: Report,
): SkillDocument | undefined {
  const { name, path, markdown } = skill
  const files = collectFiles(skill, sources, report)
  const yaml = markdown?.frontmatter
  if (markdown === undefined || yaml === undefined || files === undefined) return undefined
  const own = watched(report)
  const sound = soundPart(skillFrontmatterSchema, yaml, own.report)
  if (sound === undefined) return undefined
  const frontmatter = { description: '', ...sound.value, name: sound.value.name ?? name }
  const namePlace = { path, ...yaml.valueAt(['name']) }
  if (frontmatter.name !== name) {
    const message = `Cannot use ${quote(frontmatter.name)} as "name": expected the folder name ${quote(name)}`
    const fix = { description: `Write "${name}"`, replacement: name }
    own.report(errorAt(namePlace, { code: 'validate/skill-name', message, fix }))
  }
  return {
    ...{ name, path, frontmatter, namePlace, whole: !own.failed() },
    files: new Map([['SKILL.md', encoded(markdown.text)], ...files]),
  }
}

/** Undefined when one of the files is broken. */
function collectFiles(
  skill: ParsedSkill,
  sources: FileSources,
  report: Report,
): ReadonlyMap<string, Uint8Array> | undefined {
  const folder = `${skill.dir}/`
  const inside = sources.folder(skill.dir).filter((path) => path !== skill.path)
  const names = inside.map((path) => path.slice(folder.length))
  const files = names
    .filter((name) => SERVED.test(name) && !isScriptSource(folder + name))
    .map((name) => [name, servedBytes(sources, folder + name)] as const)
  const whole = files.filter((file): file is readonly [string, Uint8Array] => file[1] !== undefined)
  const scripts = servedScripts(skill.dir, sources, report)
  if (whole.length < files.length || scripts === undefined) return undefined
  return new Map([...whole, ...[...scripts].map(([name, text]) => [name, encoded(text)] as const)])
}

/** Markdown is normalized; everything else is carried as it is. */
function servedBytes(sources: FileSources, path: string): Uint8Array | undefined {
  if (!path.endsWith('.md')) return sources.bytes(path)
  const markdown = sources.markdown(path)
  return markdown && encoded(markdown.text)
}

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
