import type { SkillView } from '../../../catalog/release-view.ts'

/** What is known of a skill that is installed by hand. */
export type Installed = Pick<SkillView, 'id' | 'group' | 'file' | 'digest' | 'bundled'>

/** Commands of a shell that get everything of a release, checked against its list of digests. */
export function releaseCommands(release: string): string {
  return [
    `curl -fsSLO ${release}/skills-mcp-resources.zip`,
    `curl -fsSL ${release}/SHA256SUMS | grep ' skills-mcp-resources.zip$' | shasum -a 256 -c -`,
    'unzip -o skills-mcp-resources.zip -d skills',
  ].join('\n')
}

/** Commands of a shell that install one skill of a release, checked against its digest. */
export function skillCommands(release: string, skill: Installed): string {
  const { id, file, digest, bundled } = skill
  const folder = `.claude/skills/${id}`
  return [
    `curl -fsSLO ${release}/${file}`,
    `echo "${digest}  ${file}" | shasum -a 256 -c -`,
    // unzip makes no folder within one that is not there.
    bundled ? unbundle(skill, folder) : `mkdir -p ${folder} && unzip -o ${file} -d ${folder}`,
  ].join('\n')
}

/** A bundle holds the files of every variant as texts. */
function unbundle({ id, group, file }: Installed, folder: string): string {
  const variant = id.slice(group.length + 1)
  const script = [
    'const fs = require("fs"), path = require("path")',
    `const files = JSON.parse(fs.readFileSync("${file}", "utf8")).variants["${variant}"]`,
    'for (const [name, text] of Object.entries(files)) {',
    `  const to = path.join("${folder}", name)`,
    '  fs.mkdirSync(path.dirname(to), { recursive: true })',
    '  fs.writeFileSync(to, text)',
    '}',
  ]
  return `node -e '${script.join('\n')}'`
}
